/** The refreshes of the next seven days: when each starts, when it will be ready, and how much of the workers they take. */
import { setImmediate as giveWay } from "node:timers/promises";
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { type Blackout, type BlackoutSpan, blackoutIn, blackoutSpans } from "./blackout";
import { readBlackouts } from "./blackout.server";
import { holdsWords } from "./blackout-words";
import { estimatesOf } from "./estimates.server";
import { type Forecast, forecast, loadByHour, type PlannedRun } from "./forecast";
import { occurrencesOf } from "./occurrences";
import { spreadOf } from "./policy";
import type { CalendarWire } from "./wire";
import { DAY, HOUR, startOfDay } from "./zone";

const DAYS = 7;
const MAX_SCHEDULES = 20_000;
const MAX_LISTED = 2_000;
/** A worker that hasn't beaten for so long takes nothing. */
const ALIVE_SECONDS = 30;

interface Planned {
  versionId: string;
  cron: string;
  timezone: string;
  dueAt: Date;
  number: number;
  slug: string;
  name: string;
  total: number;
}

/** `looked`: when it is asked whether it may start. */
type Run = PlannedRun & { planned: Planned; looked: number; held: Blackout | null };

/** From the beginning of today in this zone on. */
export async function calendarOf(timezone: string): Promise<CalendarWire> {
  const { windows, now } = await readBlackouts();
  const from = startOfDay(timezone, now.getTime());
  // Noon of the last day, so that days of other lengths don't matter.
  const bounds = Array.from({ length: DAYS + 1 }, (_, day) =>
    day === 0 ? from : startOfDay(timezone, from + day * DAY + HOUR * 12),
  );
  const to = bounds.at(-1) ?? from;
  const planned = await plannedSchedules();
  const ids = planned.map(({ versionId }) => versionId);
  const [estimates, slots] = [await estimatesOf(ids), await slotsOf()];
  const spans = blackoutSpans(windows, from, to + DAY);
  const { found, countedTo } = await occurrencesOf(
    planned,
    [now.getTime(), ...bounds.filter((bound) => bound > now.getTime())],
    () => giveWay(),
  );
  const waiting = planned
    .filter(({ dueAt }) => dueAt <= now)
    .map((schedule) => ({ schedule, at: schedule.dueAt.getTime() }));
  const runs = [...waiting, ...found].map(({ schedule, at }) => {
    const seconds = estimates.get(schedule.versionId)?.seconds ?? null;
    return runOf(schedule, at, seconds, spans, now);
  });
  await giveWay();
  const { KILN_SCHEDULED_STARTS: startsPerMinute } = env();
  const foreseen = forecast(runs, { slots, startsPerMinute }).filter(({ beginsAt }) => beginsAt < to);
  await giveWay();
  const hours = loadByHour(foreseen, { from, hours: Math.round((to - from) / HOUR), slots });
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    slots,
    hours: hours.map(({ at, ...load }) => ({
      at: new Date(at).toISOString(),
      ...load,
      blackout: spans.find((span) => span.from < at + HOUR && span.to > at)?.window.reason ?? null,
    })),
    runs: foreseen.slice(0, MAX_LISTED).map(toWire),
    leftOut: {
      runs: Math.max(0, foreseen.length - MAX_LISTED),
      schedules: Math.max(0, (planned[0]?.total ?? 0) - planned.length),
      from: countedTo === null ? null : new Date(countedTo).toISOString(),
    },
  };
}

/** Those that would start something: as dispatch.server.ts decides it. */
function plannedSchedules(): Promise<Planned[]> {
  return db().$queryRaw<Planned[]>`
    SELECT s.version_id AS "versionId", s.cron, s.timezone, s.due_at AS "dueAt", v.number, p.slug, p.name,
      count(*) OVER ()::int AS total
    FROM schedules s JOIN versions v ON v.id = s.version_id JOIN profiles p ON p.id = v.profile_id
    WHERE s.enabled AND s.paused_reason IS NULL AND s.due_at IS NOT NULL AND p.archived_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM versions n WHERE n.profile_id = v.profile_id AND n.number > v.number
        AND n.serving_snapshot_id IS NOT NULL)
    ORDER BY s.due_at, s.id LIMIT ${MAX_SCHEDULES}::int`;
}

/** Every worker is taken to have as many places as this process is told of. */
async function slotsOf(): Promise<number> {
  const [row] = await db().$queryRaw<Array<{ workers: number }>>`
    SELECT count(*)::int AS workers FROM workers
    WHERE status = 'running' AND seen_at > now() - make_interval(secs => ${ALIVE_SECONDS}::int)`;
  return Math.max(1, row?.workers ?? 0) * env().KILN_WORKER_CONCURRENCY;
}

function runOf(
  planned: Planned,
  dueAt: number,
  seconds: number | null,
  spans: readonly BlackoutSpan[],
  now: Date,
): Run {
  const { versionId } = planned;
  const spread = spreadOf(versionId);
  const looked = Math.max(dueAt + spread, now.getTime());
  const held = blackoutIn(spans, looked);
  return {
    ...{ planned, versionId, dueAt, seconds, looked, held },
    startsAt: held ? held.until.getTime() + spread : looked,
  };
}

function toWire({ run, beginsAt, endsAt }: Forecast<Run>): CalendarWire["runs"][number] {
  const { slug, name, number } = run.planned;
  return {
    dueAt: new Date(run.dueAt).toISOString(),
    startsAt: new Date(beginsAt).toISOString(),
    profile: { slug, name },
    version: number,
    readyAt: run.seconds === null ? null : new Date(endsAt).toISOString(),
    // Only of what is listed: to put a date into words takes long.
    blackout: run.held ? holdsWords(run.held, new Date(run.looked)) : null,
  };
}
