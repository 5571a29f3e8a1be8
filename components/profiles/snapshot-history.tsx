import type { ReactNode } from "react";
import { reasonOf } from "@/components/snapshots/words";
import { ServingTag } from "@/components/status/serving-tag";
import { StatusBadge } from "@/components/status/status-badge";
import { Duration } from "@/components/time/duration";
import { RelativeTime } from "@/components/time/relative-time";
import { Link } from "@/components/ui/link";
import { Skeleton } from "@/components/ui/skeleton";
import type { SnapshotWire } from "@/lib/snapshots/wire";

/** A version's attempts, newest first. */
export function SnapshotHistory({
  snapshots,
  action,
  more,
}: {
  snapshots: readonly SnapshotWire[];
  /** What can be done with one of them. */
  action?: (snapshot: SnapshotWire) => ReactNode;
  more?: ReactNode;
}) {
  return (
    <>
      <ul className="divide-y border-y">
        {snapshots.map((snapshot) => (
          <li
            key={snapshot.id}
            className="relative flex flex-col gap-0.5 py-2 transition-colors hover:bg-hover"
          >
            <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
              <Link
                href={`/snapshots/${snapshot.id}`}
                aria-label={`Snapshot ${snapshot.number}`}
                className="w-9 rounded-sm font-mono text-sm font-medium after:absolute after:inset-0"
              >
                #{snapshot.number}
              </Link>
              <StatusBadge status={snapshot.status} />
              {snapshot.serving ? <ServingTag /> : null}
              <span className="ml-auto font-mono text-xs text-muted">
                {snapshot.startedAt ? <Duration from={snapshot.startedAt} to={snapshot.finishedAt} /> : null}
              </span>
            </span>
            <span className="flex items-center gap-2.5 text-xs text-muted">
              <span className="w-9" />
              <span className="min-w-0 flex-1 truncate">
                {reasonOf(snapshot)}
                {snapshot.builtOn === null ? "" : ` · upon #${snapshot.builtOn}`}
                {snapshot.lost ? " · image lost" : ""}
              </span>
              <RelativeTime at={snapshot.queuedAt} />
            </span>
            {action ? <span className="relative z-1 self-end empty:hidden">{action(snapshot)}</span> : null}
          </li>
        ))}
      </ul>
      {more}
    </>
  );
}

export function SnapshotHistorySkeleton() {
  return (
    <div className="divide-y border-y">
      {[0, 1].map((row) => (
        <div key={row} className="flex flex-col gap-2 py-2.5">
          <Skeleton className="w-40" />
          <Skeleton className="h-3 w-56" />
        </div>
      ))}
    </div>
  );
}
