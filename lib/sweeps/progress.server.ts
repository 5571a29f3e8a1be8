/** The worker's side of a sweep: who sweeps a host now, and the answer to those that asked for one. */

import { db } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { env } from "@/lib/env.server";
import type { SweepItem } from "./wire";

const HOLD_MINUTES = 15;

/** One sweep a host at a time (F21). @returns false while another one is at it; one whose worker is lost doesn't count. */
export async function holdSweep(hostId: string, workerId: string): Promise<boolean> {
  const held = await db().$executeRaw`
    UPDATE hosts h SET sweep_by = ${workerId}::uuid, sweep_until = now() + make_interval(mins => ${HOLD_MINUTES}::int)
    WHERE h.id = ${hostId}::uuid AND (h.sweep_until IS NULL OR h.sweep_until < now() OR NOT EXISTS (
      SELECT 1 FROM workers w WHERE w.id = h.sweep_by AND w.status <> 'stopped'
        AND w.seen_at > now() - make_interval(secs => ${env().KILN_LEASE_SECONDS}::float8)))`;
  return held === 1;
}

export async function releaseSweep(hostId: string, workerId: string): Promise<void> {
  await db().host.updateMany({
    where: { id: hostId, sweepBy: workerId },
    data: { sweepBy: null, sweepUntil: null },
  });
}

/** @returns null when another delivery has taken it. */
export async function claimSweep(id: string): Promise<{ dryRun: boolean } | null> {
  const { count } = await db().sweep.updateMany({
    where: { id, status: "queued" },
    data: { status: "running" },
  });
  return count === 0 ? null : db().sweep.findUniqueOrThrow({ where: { id }, select: { dryRun: true } });
}

/** Once: a second answer finds no running sweep. */
export async function answerSweep(
  id: string,
  answer: { items: SweepItem[] } | { error: string },
): Promise<void> {
  await db().sweep.updateMany({
    where: { id, status: "running" },
    data: {
      finishedAt: databaseTime(),
      ...("error" in answer
        ? { status: "failed", error: answer.error }
        : { status: "done", items: answer.items }),
    },
  });
}
