/** Pools with real worker processes: filled, refilled, replaced, taken over, and gone. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { readPool } from "@/lib/pool/store.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { createSession } from "@/lib/sessions/create.server";
import { deleteSession } from "@/lib/sessions/delete.server";
import { execInSession } from "@/lib/sessions/exec.server";
import { getSession } from "@/lib/sessions/store.server";
import type { SessionWire } from "@/lib/sessions/wire";
import { docker } from "@/worker/containers/docker/testing/engine";
import { built, ended, operator, refresh } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
let slug: string;
let imageId: string;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
  const snapshot = await built({
    setupScript: "echo prepared > /prepared",
    resources: { cpus: 0.5, memoryMb: 96, pids: 48 },
  });
  expect(snapshot.failure).toBeNull();
  ({ slug } = snapshot);
  imageId = snapshot.image!.id;
});
afterAll(() => kiln.cleanUp());

const want = (poolSize: number) => updateProfile(operator, slug, { poolSize });
const full = (size: number) =>
  until(`${size} to wait`, async () => {
    const pool = await readPool(slug);
    return pool.ready === size && pool.starting === 0 ? pool : null;
  });
const start = () => createSession(operator, { profile: slug, env: {}, wait: "running" });
const cat = async ({ id }: SessionWire) =>
  (await execInSession(operator, id, { command: ["cat", "/prepared"], timeoutSeconds: 20 })).stdout;

/** What the engine has of pools, also what sessions have taken. */
async function warm() {
  const label = [`dev.kiln.installation=${kiln.installation}`, "dev.kiln.kind=warm"];
  return docker.listContainers({ all: true, filters: { label } });
}

test("a session takes one, with its version's limits; the pool is full again; a deleted session's goes", async () => {
  await want(2);
  await full(2);
  const session = await start();
  expect(session).toMatchObject({ status: "running", fromPool: true });
  expect(await cat(session)).toBe("prepared\n");
  const found = await docker.getContainer(session.containerId!).inspect();
  expect(found.Image).toBe(imageId);
  expect(found.HostConfig).toMatchObject({
    Memory: 96 * 1024 * 1024,
    NanoCpus: 500_000_000,
    PidsLimit: 48,
    NetworkMode: "none",
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges"],
  });
  await full(2);
  expect(await warm()).toHaveLength(3);
  await deleteSession(operator, session.id);
  await until("its container to be gone", async () => (await warm()).length === 2);
});

test("what a session is given at its start reaches its commands in a sandbox that was there before", async () => {
  const session = await createSession(operator, {
    profile: slug,
    env: { OWN: "given late" },
    wait: "running",
  });
  expect(session.fromPool).toBe(true);
  const command = ["sh", "-c", 'echo "$OWN"'];
  const { stdout } = await execInSession(operator, session.id, { command, timeoutSeconds: 20 });
  expect(stdout).toBe("given late\n");
  await deleteSession(operator, session.id);
  await full(2);
});

test("more sessions than wait: all of them run, each in a container of its own", async () => {
  await full(2);
  const sessions = await Promise.all(Array.from({ length: 5 }, start));
  expect(sessions.filter(({ fromPool }) => fromPool).length).toBeGreaterThanOrEqual(2);
  expect(sessions.every(({ status }) => status === "running")).toBe(true);
  expect(new Set(sessions.map(({ containerId }) => containerId)).size).toBe(5);
  for (const session of sessions) expect(await cat(session)).toBe("prepared\n");
  for (const { id } of sessions) await deleteSession(operator, id);
  await full(2);
});

test("a new snapshot serves: the pool is replaced, and nothing of the old one is left", async () => {
  await full(2);
  const before = (await warm()).map(({ Id }) => Id);
  const newer = await ended(await refresh(slug));
  expect(newer).toMatchObject({ status: "ready", serving: true });
  await until("the pool to be from it", async () => {
    const pool = await readPool(slug);
    return pool.snapshot?.id === newer.id && pool.ready === 2;
  });
  await until("the old ones to be gone", async () => (await warm()).every(({ Id }) => !before.includes(Id)));
  const session = await start();
  expect(session).toMatchObject({ fromPool: true, snapshotId: newer.id });
  await deleteSession(operator, session.id);
});

test("a sandbox that dies while it waits: whoever takes it has one that runs", async () => {
  await full(2);
  for (const { Id } of await warm()) await docker.getContainer(Id).remove({ force: true });
  const session = await start();
  const now = await until("it to run", async () => {
    const one = await getSession(session.id);
    const there = one.containerId && (await docker.getContainer(one.containerId).inspect()).State.Running;
    return one.status === "running" && there ? one : null;
  });
  expect(now.failure).toBeNull();
  expect(await cat(now)).toBe("prepared\n");
  await deleteSession(operator, session.id);
});

test("the worker is killed while it fills the pool: the next one has as many as are wanted, and not one more", async () => {
  await want(6);
  await until("some to be on their way", async () => (await readPool(slug)).starting > 0);
  await Promise.all(kiln.workers.map((worker) => worker.kill()));
  await kiln.startWorker();
  await kiln.startWorker();
  await full(6);
  await until("no other to be there", async () => (await warm()).length === 6);
  await until("its row to be forgotten", async () => (await db().warmSandbox.count()) === 6);
});

test("an image that somebody deleted: the pool finds it, and is filled from what is built in its place", async () => {
  await want(0);
  await until("all to be gone", async () => (await warm()).length === 0);
  for (const { imageId } of await db().snapshot.findMany({ where: { status: "ready" } }))
    await docker.getImage(imageId!).remove({ force: true });
  const before = (await readPool(slug)).snapshot;
  await want(1);
  const pool = await full(1);
  expect(pool.snapshot?.number).toBeGreaterThan(before!.number);
});

test("at none, nothing is left of it", async () => {
  await want(0);
  await until("all to be gone", async () => (await warm()).length === 0);
  await until("no row to be left", async () => (await db().warmSandbox.count()) === 0);
});
