import { RelativeTime } from "@/components/time/relative-time";
import { Link } from "@/components/ui/link";
import type { ScheduleRunWire } from "@/lib/schedules/wire";
import { RunOutcome } from "./run-outcome";

/** The last times that a version was due, newest first. */
export function RunList({ runs }: { runs: readonly ScheduleRunWire[] }) {
  if (runs.length === 0) return <p className="text-sm text-muted">It wasn’t due yet.</p>;
  return (
    <ol className="divide-y text-sm">
      {runs.map((run) => (
        <li key={run.dueAt} className="flex items-start justify-between gap-4 py-2">
          {run.snapshot ? (
            <Link href={`/snapshots/${run.snapshot.id}`} className="min-w-0 hover:underline">
              <RunOutcome run={run} />
            </Link>
          ) : (
            <RunOutcome run={run} />
          )}
          <RelativeTime at={run.dueAt} className="text-xs text-muted" />
        </li>
      ))}
    </ol>
  );
}
