/** What every new snapshot gets in the transaction that makes its row: steps, a first log line, audit, queue entry (I2). */
import { recordAudit } from "@/lib/audit/record.server";
import type { Tx } from "@/lib/db/client.server";
import { enqueueBuild } from "@/lib/jobs/boss.server";
import type { Actor } from "@/lib/users/roles";
import { type Lane, laneOf, machineTriggers, priorityOf } from "./lanes";
import { appendSystemLines } from "./log-store.server";
import type { PlannedStep } from "./steps";
import type { Trigger } from "./wire";

const reasons: Record<Trigger, string> = {
  publish: "the version was published",
  manual: "a refresh was asked for in the dashboard",
  api: "a refresh was asked for through the API",
  schedule: "its schedule is due",
  hook: "a webhook asked for it",
  try: "the draft is being tried",
  base_changed: "its base image changed",
  repository_changed: "one of its repositories moved",
  secret_rotated: "one of its secrets was rotated",
  age: "the serving snapshot is too old",
  image_lost: "the image of its serving snapshot is gone from the host",
};

export async function queueInserted(
  tx: Tx,
  actor: Actor,
  {
    id,
    number,
    trigger,
    steps,
    lane = laneOf(trigger),
  }: {
    id: string;
    number: number;
    trigger: Trigger;
    steps: PlannedStep[];
    lane?: Lane;
  },
): Promise<void> {
  await tx.snapshotStep.createMany({
    data: steps.map((step, position) => ({ snapshotId: id, position, ...step })),
  });
  await appendSystemLines(tx, id, [`Queued: ${reasons[trigger]} (${actor.name})`]);
  await recordAudit(tx, actor, "snapshot.request", { kind: "snapshot", id }, { number, trigger });
  const waiting =
    lane === "machines"
      ? await tx.snapshot.count({
          where: {
            id: { not: id },
            status: "queued",
            trigger: { in: machineTriggers },
            profile: { snapshots: { some: { id } } },
          },
        })
      : 0;
  await enqueueBuild(tx, { snapshotId: id }, 0, priorityOf(lane, waiting));
}
