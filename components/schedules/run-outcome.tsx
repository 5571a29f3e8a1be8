import { CirclePlay, CircleSlash, type LucideIcon, Merge } from "lucide-react";
import type { Outcome, ScheduleRunWire } from "@/lib/schedules/wire";

const looks: Record<Outcome, { Icon: LucideIcon; label: string }> = {
  ran: { Icon: CirclePlay, label: "Started" },
  joined: { Icon: Merge, label: "Joined" },
  skipped: { Icon: CircleSlash, label: "Skipped" },
};

/** What became of a time that it was due, with its reason. */
export function RunOutcome({ run }: { run: ScheduleRunWire }) {
  const { Icon, label } = looks[run.outcome];
  return (
    <span className="flex min-w-0 items-start gap-1.5">
      <Icon className="mt-0.5 size-3.5 shrink-0 text-muted" aria-hidden="true" />
      <span className="min-w-0">
        {label}
        {run.snapshot ? ` #${run.snapshot.number}, ${run.snapshot.status}` : ""}
        {run.reason ? <span className="block text-xs text-muted">{run.reason}</span> : null}
      </span>
    </span>
  );
}
