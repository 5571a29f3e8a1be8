/** Asks for a sweep: the web process only writes a row for each host; a worker there carries it out. */
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record.server";
import { db, type Tx } from "@/lib/db/client.server";
import { Wake } from "@/lib/events/hub.server";
import { enqueueSweep } from "@/lib/jobs/boss.server";
import type { Actor } from "@/lib/users/roles";
import { type HostSweep, type SweepAnswer, sweepItemSchema } from "./wire";

const WAIT_MS = 90_000;
const KEEP_DAYS = 7;

interface Asked {
  id: string;
  host: string;
  working: boolean;
}

/** Waits for all hosts; what one of them can't answer stands in its `error`. */
export async function requestSweep(actor: Actor, dryRun: boolean): Promise<SweepAnswer> {
  const asked = await ask(actor, dryRun);
  const deadline = Date.now() + WAIT_MS;
  const hosts = await Promise.all(asked.map((each) => answerOf(each, deadline)));
  return { dryRun, hosts };
}

async function ask(actor: Actor, dryRun: boolean): Promise<Asked[]> {
  return db().$transaction(async (tx) => {
    await tx.$executeRaw`DELETE FROM sweeps WHERE created_at < now() - make_interval(days => ${KEEP_DAYS}::int)`;
    const hosts = await tx.$queryRaw<Array<{ hostId: string; host: string; working: boolean }>>`
      SELECT h.id AS "hostId", h.name AS host, EXISTS (
        SELECT 1 FROM workers w WHERE w.host_id = h.id AND w.status = 'running' AND w.seen_at > now() - interval '30 seconds'
      ) AS working FROM hosts h ORDER BY h.name, h.id`;
    const asked: Asked[] = [];
    for (const { hostId, host, working } of hosts) {
      const id = uuidv7();
      asked.push({ id, host, working });
      if (!working) continue;
      await insert(tx, { id, hostId, dryRun, requestedBy: actor.name });
    }
    if (!dryRun)
      await recordAudit(tx, actor, "host.sweep", { kind: "host", id: null }, { hosts: asked.length });
    return asked;
  });
}

/** A sweep of one host that nobody waits for: part of a change that makes something useless there. */
export async function sweepHost(tx: Tx, hostId: string, requestedBy: string): Promise<void> {
  await insert(tx, { id: uuidv7(), hostId, dryRun: false, requestedBy });
}

async function insert(
  tx: Tx,
  row: { id: string; hostId: string; dryRun: boolean; requestedBy: string },
): Promise<void> {
  await tx.sweep.create({ data: row });
  await enqueueSweep(tx, row.hostId, { sweepId: row.id });
}

async function answerOf({ id, host, working }: Asked, deadline: number): Promise<HostSweep> {
  const failed = (error: string): HostSweep => ({ host, items: [], exclusiveBytes: 0, error });
  if (!working) return failed("No worker is running on it. Start one, then sweep.");
  const wake = new Wake((pointer) => pointer.kind === "command" && pointer.id === id);
  try {
    while (Date.now() < deadline) {
      const row = await db().sweep.findUniqueOrThrow({ where: { id } });
      if (row.status === "failed") return failed(row.error ?? "The sweep could not be made. Try again.");
      if (row.status === "done") {
        const items = z.array(sweepItemSchema).parse(row.items);
        const exclusiveBytes = items.reduce(
          (sum, item) => sum + (item.outcome === "kept" ? 0 : (item.exclusiveBytes ?? 0)),
          0,
        );
        return { host, items, exclusiveBytes, error: null };
      }
      await wake.next(1_000);
    }
    return failed("Its worker gave no answer in time. Look again in a few minutes.");
  } finally {
    wake.close();
  }
}
