import { cn } from "@/components/cn";
import { formatCount } from "@/lib/format";
import { busyLevels, hatched } from "./calendar-looks";

/** What the numbers, shades and lines of the calendar say. */
export function CalendarLegend({ slots, timezone }: { slots: number; timezone: string }) {
  return (
    <div className="flex flex-col gap-2 text-xs text-muted">
      <p>
        The number says how many refreshes begin in an hour ({timezone}), the shade how much of the workers’{" "}
        {formatCount(slots, "place")} they take, by the builds that worked lately. What people ask for comes
        on top.
      </p>
      <ul className="flex flex-wrap gap-x-4 gap-y-1.5" aria-label="Legend">
        {busyLevels.toReversed().map(({ className, label }) => (
          <li key={label} className="flex items-center gap-1.5">
            <span className={cn("size-4 rounded-sm border", className)} aria-hidden="true" />
            {label}
          </li>
        ))}
        <li className="flex items-center gap-1.5">
          <span className={cn("size-4 rounded-sm border", hatched)} aria-hidden="true" />
          Blackout
        </li>
      </ul>
    </div>
  );
}
