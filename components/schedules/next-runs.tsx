"use client";

import { Ban } from "lucide-react";
import { blackoutAt } from "@/lib/schedules/blackout";
import { holdsWords } from "@/lib/schedules/blackout-words";
import { type ClockChange, clockChanges, dueAfter, isTimezone, problemOf } from "@/lib/schedules/cron";
import type { BlackoutWindow } from "@/lib/schedules/wire";
import { wordsOf } from "@/lib/schedules/words";

const COUNT = 5;

const moment = (at: Date, timeZone?: string) =>
  at.toLocaleString("en-GB", {
    ...{ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
    ...(timeZone ? { timeZone } : {}),
  });
const day = (at: Date, timeZone: string) =>
  at.toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone });

/** What an expression means: the sentence, the next times where it counts and where the reader is, and odd days. */
export function NextRuns({
  cron,
  timezone,
  now,
  windows,
}: {
  cron: string;
  timezone: string;
  now: Date;
  windows: readonly BlackoutWindow[];
}) {
  if (problemOf(cron, now) !== null || !isTimezone(timezone))
    return <p className="text-sm text-muted">The next times are shown when the expression can be read.</p>;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const runs = dueAfter({ cron, timezone }, now, COUNT);
  return (
    <div className="flex flex-col gap-3 text-sm">
      <p className="font-medium">{wordsOf(cron)}</p>
      <table aria-label="The next times" className="w-full text-left">
        <thead className="text-xs text-muted">
          <tr>
            <th scope="col" className="pb-1 font-medium">
              {timezone}
            </th>
            {here === timezone ? null : (
              <th scope="col" className="pb-1 font-medium">
                Here ({here})
              </th>
            )}
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {runs.map((at) => (
            <tr key={at.getTime()}>
              <td className="py-0.5">
                {moment(at, timezone)}
                <PutOff at={at} windows={windows} />
              </td>
              {here === timezone ? null : <td className="py-0.5 align-top text-muted">{moment(at)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {clockChanges({ cron, timezone }, now).map((change) => (
        <p key={change.at.getTime()} className="text-xs text-muted">
          {changeWords(change, timezone)}
        </p>
      ))}
    </div>
  );
}

/** That a time falls into a blackout, and until when that puts it off. */
function PutOff({ at, windows }: { at: Date; windows: readonly BlackoutWindow[] }) {
  const held = blackoutAt(windows, at);
  if (!held) return null;
  return (
    <span className="flex items-start gap-1 pr-2 text-xs text-muted">
      <Ban className="mt-0.5 size-3 shrink-0" aria-hidden="true" />
      <span className="min-w-0 wrap-anywhere">{holdsWords(held, at)}</span>
    </span>
  );
}

function changeWords({ at, effect }: ClockChange, timezone: string): string {
  const when = day(at, timezone);
  return effect === "moved"
    ? `On ${when} the clocks go forward: what falls into the hour that is left out runs at its end.`
    : `On ${when} the clocks go back: it runs in both of the hours that look the same.`;
}
