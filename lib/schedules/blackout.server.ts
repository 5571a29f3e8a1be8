/** The blackouts of the installation: who may not start a refresh by itself, and when. */

import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record.server";
import { db, type Tx } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { AppError } from "@/lib/errors";
import { installationId } from "@/lib/installation.server";
import type { Actor } from "@/lib/users/roles";
import { type Blackout, blackoutAt, leavesNothing } from "./blackout";
import { blackoutWords } from "./blackout-words";
import { SPREAD_SECONDS } from "./policy";
import { type BlackoutsWire, type BlackoutWindow, blackoutWindowSchema, MAX_BLACKOUTS } from "./wire";

const keptSchema = z.array(blackoutWindowSchema);

export interface Blackouts {
  windows: BlackoutWindow[];
  /** The database's clock: the one that all workers share. */
  now: Date;
}

/** All windows, and what time it is. */
export async function readBlackouts(tx: Tx = db()): Promise<Blackouts> {
  const [row] = await tx.$queryRaw<Array<{ blackouts: unknown; now: Date }>>`
    SELECT i.blackouts, now() AS now FROM (SELECT 1) one LEFT JOIN installation i ON i.singleton`;
  return { windows: keptSchema.parse(row?.blackouts ?? []), now: row?.now ?? databaseTime() };
}

/** The blackout that holds now, of which windows, and until when; null when none does. */
export async function blackoutHolding(tx: Tx): Promise<Blackout | null> {
  const { windows, now } = await readBlackouts(tx);
  return blackoutAt(windows, now);
}

/** Does a blackout hold now? For whatever starts a refresh that nobody asked for, in its transaction. */
export async function blackoutNow(tx: Tx): Promise<{ until: Date; reason: string } | null> {
  const held = await blackoutHolding(tx);
  return held ? { until: held.until, reason: held.window.reason } : null;
}

export async function getBlackouts(tx: Tx = db()): Promise<BlackoutsWire> {
  const { windows, now } = await readBlackouts(tx);
  const held = blackoutAt(windows, now);
  return {
    windows,
    now: held
      ? { until: held.until.toISOString(), reason: held.window.reason, timezone: held.window.timezone }
      : null,
  };
}

/** Sets all of them, the same one once. @throws AppError 422 when they leave no time at all. */
export function setBlackouts(actor: Actor, windows: readonly BlackoutWindow[]): Promise<BlackoutsWire> {
  return change(actor, () =>
    windows.filter(
      (window, place) => windows.findIndex((other) => isDeepStrictEqual(other, window)) === place,
    ),
  );
}

/** One more; the same one again changes nothing. @throws AppError 422 as above, and for one too many. */
export function addBlackout(actor: Actor, window: BlackoutWindow): Promise<BlackoutsWire> {
  return change(actor, (windows) =>
    windows.some((each) => isDeepStrictEqual(each, window)) ? windows : [...windows, window],
  );
}

/** One less; what isn't there is gone already. */
export function removeBlackout(actor: Actor, window: BlackoutWindow): Promise<BlackoutsWire> {
  return change(actor, (windows) => windows.filter((each) => !isDeepStrictEqual(each, window)));
}

/** The row is locked meanwhile, so that of two who add at once neither is lost. */
async function change(
  actor: Actor,
  to: (windows: BlackoutWindow[]) => BlackoutWindow[],
): Promise<BlackoutsWire> {
  const id = await installationId();
  return db().$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM installation FOR UPDATE`;
    const { windows: before, now } = await readBlackouts(tx);
    const windows = to(before);
    if (isDeepStrictEqual(before, windows)) return getBlackouts(tx);
    refuseTooMany(windows, now);
    await tx.installation.update({ where: { singleton: true }, data: { blackouts: windows } });
    // What was put off to an end that may be another one by now is looked at again.
    await tx.$executeRaw`
      UPDATE schedules SET run_at = now() WHERE enabled AND paused_reason IS NULL AND due_at <= now()
        AND run_at > now() + make_interval(secs => ${SPREAD_SECONDS}::int)`;
    const detail = { windows: windows.map(blackoutWords).join("; ") };
    await recordAudit(tx, actor, "background.blackouts", { kind: "installation", id }, detail);
    return getBlackouts(tx);
  });
}

function refuseTooMany(windows: readonly BlackoutWindow[], now: Date): void {
  const refuse = (message: string) =>
    new AppError(422, "invalid_input", message, [{ path: "windows", message }]);
  if (windows.length > MAX_BLACKOUTS)
    throw refuse(`There are ${MAX_BLACKOUTS} blackouts already. Remove one first.`);
  if (leavesNothing(windows, now))
    throw refuse(
      "Together they leave no time at all. Leave some, or pause all background refreshes instead.",
    );
}
