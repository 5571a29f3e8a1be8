/** Asking for a sweep and answering it, without an engine. */
import { beforeAll, expect, it, vi } from "vitest";
import { db } from "@/lib/db/client.server";
import { systemActor } from "@/lib/users/roles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { answerSweep, claimSweep, holdSweep, releaseSweep } from "./progress.server";
import { requestSweep } from "./request.server";
import type { SweepItem } from "./wire";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeSessionWorker();
});

const item: SweepItem = {
  kind: "image",
  id: "sha256:1",
  name: "kiln/tools:v1",
  reason: "no snapshot names it",
  exclusiveBytes: 1_000,
  outcome: "would_remove",
  note: null,
};

/** The one that waits for a worker. */
const queued = () =>
  vi.waitFor(() => db().sweep.findFirstOrThrow({ where: { status: "queued" } }), { timeout: 10_000 });

it("is answered by the host's worker; a host without one says so", async () => {
  const alone = await makeWorker();
  await db().worker.update({ where: { id: alone.id }, data: { status: "stopped" } });
  const answer = requestSweep(systemActor, true);
  const { id, hostId } = await queued();
  expect(hostId).toBe(worker.hostId);
  expect(await claimSweep(id)).toEqual({ dryRun: true });
  expect(await claimSweep(id)).toBeNull();
  await answerSweep(id, { items: [item, { ...item, outcome: "kept", note: "something still uses it" }] });
  await answerSweep(id, { error: "too late" });
  const { hosts } = await answer;
  expect(hosts).toHaveLength(2);
  expect(hosts).toContainEqual(expect.objectContaining({ exclusiveBytes: 1_000, error: null }));
  expect(hosts).toContainEqual(
    expect.objectContaining({ items: [], error: "No worker is running on it. Start one, then sweep." }),
  );
  expect(await db().auditEntry.count({ where: { action: "host.sweep" } })).toBe(0);
});

it("that breaks says why, and is in the audit log when it wasn't only a look", async () => {
  const answer = requestSweep(systemActor, false);
  const { id } = await queued();
  await claimSweep(id);
  await answerSweep(id, { error: "The engine didn't answer." });
  expect((await answer).hosts).toContainEqual(
    expect.objectContaining({ error: "The engine didn't answer." }),
  );
  expect(await db().auditEntry.count({ where: { action: "host.sweep" } })).toBe(1);
});

it("runs once a host: of ten at once one holds it, and one whose worker is lost doesn't hold it for ever", async () => {
  const second = await makeWorker();
  await db().worker.update({ where: { id: second.id }, data: { hostId: worker.hostId } });
  const held = await Promise.all(Array.from({ length: 10 }, () => holdSweep(worker.hostId, worker.id)));
  expect(held.filter(Boolean)).toHaveLength(1);
  expect(await holdSweep(worker.hostId, second.id)).toBe(false);
  await releaseSweep(worker.hostId, second.id);
  expect(await holdSweep(worker.hostId, second.id)).toBe(false);
  await db()
    .$executeRaw`UPDATE workers SET seen_at = now() - interval '1 hour' WHERE id = ${worker.id}::uuid`;
  expect(await holdSweep(worker.hostId, second.id)).toBe(true);
  await releaseSweep(worker.hostId, second.id);
});
