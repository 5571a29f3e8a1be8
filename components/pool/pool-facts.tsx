import Link from "next/link";
import type { ReactNode } from "react";
import { RelativeTime } from "@/components/time/relative-time";
import { Notice } from "@/components/ui/notice";
import { formatSize } from "@/lib/format";
import type { PoolWire } from "@/lib/pool/wire";
import { cpuWords, poolWords } from "@/lib/pool/words";

const MB = 1_048_576;

/** What waits, what it is started from, and what waiting costs. */
export function PoolFacts({ pool }: { pool: PoolWire }) {
  const { size, ready, snapshot, use, limits, note, retryAt } = pool;
  return (
    <div className="flex flex-col gap-3">
      {note ? (
        <Notice kind="info">
          {note}{" "}
          {retryAt ? (
            <>
              It is tried again <RelativeTime at={retryAt} />.
            </>
          ) : null}
        </Notice>
      ) : null}
      {size > 0 ? (
        <section aria-label="Warm sandboxes">
          <dl className="grid grid-cols-2 gap-x-6 gap-y-3 rounded-lg border bg-surface px-4 py-3 sm:flex sm:flex-wrap sm:gap-x-10">
            <Figure
              name="Waiting"
              note={
                snapshot ? (
                  <>
                    version {snapshot.version},{" "}
                    <Link
                      href={`/snapshots/${snapshot.id}`}
                      className="underline decoration-border-strong underline-offset-3 hover:decoration-current"
                    >
                      #{snapshot.number}
                    </Link>
                  </>
                ) : (
                  "nothing to start from"
                )
              }
            >
              {poolWords(pool)}
            </Figure>
            {limits ? (
              <>
                <Figure name="Memory" note={`of ${formatSize(ready * limits.memoryMb * MB)} at most`}>
                  {use ? formatSize(use.memoryBytes) : ready > 0 ? "not measured yet" : "none"}
                </Figure>
                <Figure name="Processors" note={`of ${cpuWords(ready * limits.cpus)} at most`}>
                  {use ? cpuWords(use.cpus) : ready > 0 ? "not measured yet" : "none"}
                </Figure>
              </>
            ) : null}
          </dl>
        </section>
      ) : null}
    </div>
  );
}

function Figure({ name, note, children }: { name: string; note: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="text-lg font-medium tabular-nums">{children}</dd>
      <dd className="text-xs text-muted">{note}</dd>
    </div>
  );
}
