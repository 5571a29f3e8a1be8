"use client";

import { Ban } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Panel } from "@/components/ui/panel";
import { formatClock, formatCount } from "@/lib/format";
import type { CalendarDay } from "@/lib/schedules/calendar-days";
import type { CalendarWire } from "@/lib/schedules/wire";

type Run = CalendarWire["runs"][number];
const SHOWN = 50;

/** What is refreshed on one day: when, what, and when it will be ready. */
export function DayRuns({
  day,
  runs,
  timezone,
  unlisted,
}: {
  day: CalendarDay;
  runs: readonly Run[];
  timezone: string;
  /** There are more than the list has. */
  unlisted: boolean;
}) {
  const [shown, setShown] = useState(SHOWN);
  const title = useId();
  const more = Math.min(SHOWN, runs.length - shown);
  return (
    <Panel aria-labelledby={title}>
      <div className="flex items-baseline justify-between gap-3 border-b px-4 py-2.5">
        <h2 id={title} className="text-sm font-semibold">
          {day.title}
        </h2>
        <span className="text-xs text-muted">{formatCount(runs.length, "refresh", "refreshes")}</span>
      </div>
      {runs.length === 0 ? (
        <p className="px-4 py-3 text-sm text-muted">
          {unlisted
            ? "None of this day is listed by name: there are too many before."
            : "Nothing starts by itself."}
        </p>
      ) : (
        <ol className="divide-y text-sm">
          {runs.slice(0, shown).map((run) => (
            <li key={`${run.profile.slug} ${run.version} ${run.dueAt}`} className="flex gap-3 px-4 py-2.5">
              <time dateTime={run.startsAt} className="shrink-0 font-medium tabular-nums">
                {formatClock(Date.parse(run.startsAt), timezone)}
              </time>
              <RunWords run={run} timezone={timezone} />
            </li>
          ))}
        </ol>
      )}
      {more > 0 ? (
        <div className="border-t px-4 py-2">
          <Button size="sm" onClick={() => setShown(shown + more)}>
            Show {more} more
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

function RunWords({ run, timezone }: { run: Run; timezone: string }) {
  const { profile, version, readyAt, blackout } = run;
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <p className="wrap-anywhere">
        <Link href={`/profiles/${profile.slug}`} className="font-medium hover:underline">
          {profile.name}
        </Link>{" "}
        <Link
          href={`/profiles/${profile.slug}?v=${version}`}
          className="whitespace-nowrap text-muted hover:underline"
        >
          Version {version}
        </Link>
      </p>
      <p className="text-xs text-muted">
        {readyAt
          ? `ready about ${formatClock(Date.parse(readyAt), timezone)}`
          : "nothing is known of how long it takes"}
      </p>
      {blackout ? (
        <p className="flex items-start gap-1 text-xs text-muted">
          <Ban className="mt-0.5 size-3 shrink-0" aria-hidden="true" />
          <span className="min-w-0 wrap-anywhere">
            Due {formatClock(Date.parse(run.dueAt), timezone)}. {blackout}
          </span>
        </p>
      ) : null}
    </div>
  );
}
