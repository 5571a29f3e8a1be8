/**
 * Starts the refreshes that are due. Any number of workers ask; an advisory lock lets one at a time, and each time that
 * a schedule was due is settled in one transaction with its record and its refresh: exactly once, whoever dies.
 */
import { v7 as uuidv7 } from "uuid";
import { emitPaused } from "@/lib/channels/emit.server";
import { db, type Tx } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { log } from "@/lib/log.server";
import { requestSnapshot } from "@/lib/snapshots/request.server";
import { systemActor } from "@/lib/users/roles";
import { isAlone } from "./alone.server";
import { getBackground } from "./background.server";
import { blackoutAt } from "./blackout";
import { type Blackouts, readBlackouts } from "./blackout.server";
import { dueBetween } from "./cron";
import { type Decision, decide, failuresInRow, PAUSES_AFTER, spreadOf } from "./policy";
import { nextDue } from "./store.server";
import type { Outcome } from "./wire";

/** More missed times than this are counted as "more than". */
const MISSED_COUNTED = 100;

interface Due {
  id: string;
  versionId: string;
  cron: string;
  timezone: string;
  dueAt: Date;
  now: Date;
  archived: boolean;
  supersededBy: number | null;
  countedFrom: Date;
  recent: boolean;
}

export interface Dispatched {
  versionId: string;
  /** Put off: nothing is settled before the blackout is over. */
  outcome: Outcome | "putOff";
}

/**
 * Settles the one that is due for longest.
 * @returns null when none is, when another process is at it, or when enough were started within this minute.
 */
export async function dispatchNext(): Promise<Dispatched | null> {
  let taken: string | null = null;
  try {
    return await db().$transaction(async (tx) => {
      const due = await takeDue(tx);
      if (!due) return null;
      taken = due.id;
      return await settle(tx, due);
    });
  } catch (error) {
    if (taken === null) throw error;
    // One that can't be settled must not stand in the way of all others.
    log.error({ err: error, scheduleId: taken }, "a schedule that is due could not be settled");
    await db()
      .$executeRaw`UPDATE schedules SET run_at = now() + interval '1 minute' WHERE id = ${taken}::uuid`;
    return null;
  }
}

async function takeDue(tx: Tx): Promise<Due | null> {
  if (!(await isAlone(tx))) return null;
  const [due] = await tx.$queryRaw<Due[]>`
    SELECT s.id, s.version_id AS "versionId", s.cron, s.timezone, s.due_at AS "dueAt", now() AS now,
      p.archived_at IS NOT NULL AS archived, s.counted_from AS "countedFrom",
      (SELECT max(n.number) FROM versions n WHERE n.profile_id = v.profile_id AND n.number > v.number
        AND n.serving_snapshot_id IS NOT NULL) AS "supersededBy",
      (SELECT count(*) FROM schedule_runs r WHERE r.outcome = 'ran' AND r.at > now() - interval '1 minute')
        >= ${env().KILN_SCHEDULED_STARTS}::int AS recent
    FROM schedules s JOIN versions v ON v.id = s.version_id JOIN profiles p ON p.id = v.profile_id
    WHERE s.enabled AND s.paused_reason IS NULL AND s.run_at <= now()
    ORDER BY s.run_at LIMIT 1 FOR UPDATE OF s SKIP LOCKED`;
  return !due || due.recent ? null : due;
}

async function settle(tx: Tx, due: Due): Promise<Dispatched> {
  const { versionId, dueAt, now } = due;
  const blackouts = await readBlackouts(tx);
  const decision = decide({
    ...{ archived: due.archived, supersededBy: due.supersededBy },
    background: await pausedBackground(tx),
    blackoutUntil: blackoutAt(blackouts.windows, now)?.until ?? null,
    failures: await failuresOf(tx, due),
    leftOut: await leftOutOf(tx, due),
  });
  if (decision.kind === "putOff") {
    const runAt = new Date(decision.until.getTime() + spreadOf(versionId));
    await tx.schedule.update({ where: { id: due.id }, data: { runAt } });
    return { versionId, outcome: "putOff" };
  }
  const run = await carryOut(tx, due, decision, blackouts);
  await tx.$executeRaw`
    INSERT INTO schedule_runs (id, version_id, due_at, outcome, reason, snapshot_id)
    VALUES (${uuidv7()}::uuid, ${versionId}::uuid, ${dueAt}, ${run.outcome}, ${run.reason}, ${run.snapshotId}::uuid)
    ON CONFLICT DO NOTHING`;
  // Times that were missed while no worker was there are over: the one that is settled stands for all of them.
  const next = nextDue(due, versionId, now);
  await tx.schedule.update({
    where: { id: due.id },
    data: {
      ...(next ?? { dueAt: null, runAt: null }),
      ...(decision.kind === "pause" ? { pausedReason: decision.reason } : {}),
    },
  });
  if (decision.kind === "pause") await emitPaused(tx, { versionId, reason: decision.reason, at: now });
  return { versionId, outcome: run.outcome };
}

interface Settled {
  outcome: Outcome;
  reason: string;
  snapshotId: string | null;
}

type Settling = Exclude<Decision, { kind: "putOff" }>;

async function carryOut(tx: Tx, due: Due, decision: Settling, blackouts: Blackouts): Promise<Settled> {
  if (decision.kind !== "run") return { outcome: "skipped", reason: decision.reason, snapshotId: null };
  const request = { versionId: due.versionId, trigger: "schedule", mode: "full" } as const;
  const { snapshot, joined } = await requestSnapshot(tx, systemActor, request);
  const reason = joined ? `Snapshot #${snapshot.number} was on its way.` : missedWords(due, blackouts);
  return { outcome: joined ? "joined" : "ran", reason, snapshotId: snapshot.id };
}

/** Why it starts later than it was due, and for how many other times it stands. */
function missedWords({ dueAt, now, versionId, ...times }: Due, { windows }: Blackouts): string {
  const missed = dueBetween(times, dueAt, now, MISSED_COUNTED);
  const many = missed === MISSED_COUNTED ? `more than ${MISSED_COUNTED}` : `${missed}`;
  const stands = `Stands for ${many} later ${missed === 1 ? "time" : "times"}, too`;
  const held = blackoutAt(windows, new Date(dueAt.getTime() + spreadOf(versionId)));
  if (held) {
    const { reason } = held.window;
    return `Put off by a blackout${reason === "" ? "" : ` (${reason})`}.${missed > 0 ? ` ${stands}.` : ""}`;
  }
  return missed === 0 ? "" : `${stands}: no worker was there.`;
}

async function pausedBackground(tx: Tx): Promise<{ by: string; reason: string } | null> {
  const { paused, by, reason } = await getBackground(tx);
  return paused ? { by: by ?? "", reason } : null;
}

async function failuresOf(tx: Tx, { versionId, countedFrom }: Due): Promise<number> {
  const ended = await tx.snapshot.findMany({
    where: { versionId, queuedAt: { gte: countedFrom }, status: { in: ["ready", "failed", "removed"] } },
    orderBy: { number: "desc" },
    take: PAUSES_AFTER,
    select: { status: true },
  });
  return failuresInRow(ended.map(({ status }) => status));
}

const RUNS_KEPT_DAYS = 90;
const FORGOTTEN_AT_ONCE = 5_000;

/** Records of long ago go. */
export async function forgetRuns(): Promise<void> {
  await db().$executeRaw`
    DELETE FROM schedule_runs WHERE id IN (
      SELECT id FROM schedule_runs WHERE at < now() - make_interval(days => ${RUNS_KEPT_DAYS}::int) LIMIT ${FORGOTTEN_AT_ONCE})`;
}

/** Skipped since it last started something. */
async function leftOutOf(tx: Tx, { versionId }: Due): Promise<number> {
  const runs = await tx.scheduleRun.findMany({
    where: { versionId },
    orderBy: { dueAt: "desc" },
    take: 10,
    select: { outcome: true },
  });
  const end = runs.findIndex(({ outcome }) => outcome !== "skipped");
  return end < 0 ? runs.length : end;
}
