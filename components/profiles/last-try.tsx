"use client";

import { cn } from "@/components/cn";
import { lookOf } from "@/components/status/looks";
import { StatusIcon } from "@/components/status/status-icon";
import { Duration } from "@/components/time/duration";
import { RelativeTime } from "@/components/time/relative-time";
import { Link } from "@/components/ui/link";
import { isActive } from "@/lib/snapshots/state";
import type { SnapshotWire } from "@/lib/snapshots/wire";

/** "Tried 2 min ago: ready", or how far a try is; and whether it still says something about the draft. */
export function LastTry({ snapshot, changed }: { snapshot: SnapshotWire; changed: boolean }) {
  const { id, status, steps, startedAt, finishedAt } = snapshot;
  const look = lookOf({ status });
  const step = steps.findLast(({ status }) => status === "running");
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className={cn("inline-flex items-center gap-1.5 whitespace-nowrap", look.className)}>
        <StatusIcon shape={look.shape} />
        <Link href={`/snapshots/${id}`} className="rounded-sm underline-offset-3 hover:underline">
          {isActive(status) ? (
            <>Trying: {step?.title.toLowerCase() ?? status}</>
          ) : (
            <>
              Tried {finishedAt ? <RelativeTime at={finishedAt} /> : null}: {status}
            </>
          )}
        </Link>
        {status === "running" && startedAt ? (
          <Duration from={startedAt} className="font-mono text-xs" />
        ) : null}
      </span>
      {changed ? <span>The draft has changed since.</span> : null}
    </span>
  );
}
