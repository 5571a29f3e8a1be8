import { useNow } from "@/components/time/now";
import { RelativeTime } from "@/components/time/relative-time";
import { Figure } from "@/components/ui/figure";
import { Link } from "@/components/ui/link";
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
          {note} {retryAt ? <Retry at={retryAt} /> : null}
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
                <Figure name="Memory" note={most(ready, (count) => formatSize(count * limits.memoryMb * MB))}>
                  {use ? formatSize(use.memoryBytes) : ready > 0 ? "not measured yet" : "none"}
                </Figure>
                <Figure name="Processors" note={most(ready, (count) => cpuWords(count * limits.cpus))}>
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

function Retry({ at }: { at: string }) {
  if (Date.parse(at) <= useNow()) return "It is being tried again.";
  return (
    <>
      It is tried again <RelativeTime at={at} />.
    </>
  );
}

/** Of all that wait; while none does, of each that will. */
const most = (ready: number, words: (count: number) => string) =>
  ready > 0 ? `of ${words(ready)} at most` : `${words(1)} at most each`;
