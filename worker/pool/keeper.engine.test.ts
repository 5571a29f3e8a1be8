/** A keeper on the real engine, pass by pass: what it makes, what it sees, and what becomes of a sandbox that died. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { STANDBY } from "@/lib/commands/standby";
import { db } from "@/lib/db/client.server";
import { readPool } from "@/lib/pool/store.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { createSession } from "@/lib/sessions/create.server";
import { deleteSession } from "@/lib/sessions/delete.server";
import { execInSession } from "@/lib/sessions/exec.server";
import { stopSession } from "@/lib/sessions/stop.server";
import { getSession } from "@/lib/sessions/store.server";
import type { SessionWire } from "@/lib/sessions/wire";
import { publishReady } from "@/prisma/factories/builds";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { handleCommand } from "@/worker/commands/handler";
import { createDockerEngine } from "@/worker/containers/docker";
import { BUSYBOX, docker } from "@/worker/containers/docker/testing/engine";
import { type Engine, EngineError } from "@/worker/containers/types";
import { handleSession } from "@/worker/sessions/start";
import { sweepNow } from "@/worker/sweep/sweep";
import { tendSessions } from "@/worker/sweep/tend";
import { operator } from "@/worker/testing/builds";
import { containersOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import { PoolKeeper } from "./keeper";

const engine = createDockerEngine();
const never = new AbortController().signal;
let kiln: TestKiln;
let worker: TestWorker;
let keeper: PoolKeeper;
let profile: string;
beforeAll(async () => {
  kiln = await startKiln();
  worker = await makeSessionWorker();
  keeper = new PoolKeeper(worker, engine, never);
  const { profile: made, snapshot } = await publishReady(worker);
  profile = made.id;
  const { Id } = await docker.getImage(BUSYBOX).inspect();
  await db().$executeRaw`UPDATE snapshots SET image_id = ${Id} WHERE id = ${snapshot.id}::uuid`;
});
// Each begins with as many as it wants, and none that an earlier one left.
beforeEach(async () => {
  // Nobody beats for it here.
  await db()
    .$executeRaw`UPDATE workers SET seen_at = now() + interval '1 hour' WHERE id = ${worker.id}::uuid`;
  await want(0);
});
afterAll(() => kiln.cleanUp());

async function want(poolSize: number): Promise<void> {
  await updateProfile(operator, profile, { poolSize });
  await keeper.pass();
}
const start = () => createSession(operator, { profile, env: {} });
const handle = (session: SessionWire, on: Engine = engine) =>
  handleSession(session.id, worker, on, new Set());
const all = () => containersOf(kiln.installation);
const waiting = async () =>
  (await db().warmSandbox.findMany({ where: { status: "ready" } })).map(({ containerId }) => containerId!);

/** Docker hangs on a container that is paused while something enters it, until it is thawed by hand. */
async function pause(id: string): Promise<void> {
  const container = docker.getContainer(id);
  await until("the shell that stands by", async () => {
    const { Processes }: { Processes: string[][] } = await container.top({ ps_args: "-o pid,args" });
    return Processes.some((row) => row[1]?.includes(STANDBY)) || null;
  });
  // Inside it runs; the engine's answer may still be on its way.
  await engine.stateOf(id);
  await container.pause();
}

async function says(session: SessionWire, script: string): Promise<string> {
  const asked = execInSession(operator, session.id, { command: ["sh", "-c", script], timeoutSeconds: 20 });
  const { id } = await until("the command's row", () =>
    db().sandboxCommand.findFirst({ where: { sessionId: session.id, status: "queued" } }),
  );
  await handleCommand(id, engine);
  return (await asked).stdout;
}

/** Its container goes with it. */
async function end(session: SessionWire): Promise<void> {
  await deleteSession(operator, session.id);
  await handle(session);
}

test("it makes as many as are wanted, and says what waiting costs; at none nothing is left", async () => {
  await want(2);
  expect((await all()).map(({ id }) => id).toSorted()).toEqual((await waiting()).toSorted());
  expect((await all()).every(({ running }) => running)).toBe(true);
  await keeper.pass();
  const pool = await readPool(profile);
  expect(pool).toMatchObject({ size: 2, ready: 2, starting: 0, note: null });
  expect(pool.use?.memoryBytes).toBeGreaterThan(10_000);
  expect(pool.use?.memoryBytes).toBeLessThan(50_000_000);
  await want(0);
  expect(await all()).toEqual([]);
  expect(await db().warmSandbox.count()).toBe(0);
});

test("one that is taken runs commands at once; its name is the session's, and it goes with it", async () => {
  await want(1);
  const session = await start();
  expect(session).toMatchObject({ status: "running", fromPool: true });
  expect(await says(session, "echo here > /file; cat /file")).toBe("here\n");
  await handle(session);
  expect(await all()).toMatchObject([{ id: session.containerId, name: `kiln-session-${session.id}` }]);
  // Neither a sweep nor the keeper takes it for the pool's.
  await sweepNow(worker, engine);
  await want(0);
  expect(await all()).toHaveLength(1);
  await stopSession(operator, session.id);
  await handle(session);
  expect(await all()).toMatchObject([{ id: session.containerId, running: false }]);
  await sweepNow(worker, engine);
  expect(await all()).toHaveLength(1);
  await end(session);
  expect(await all()).toEqual([]);
});

test("one that was gone when it was taken: the session starts normally", async () => {
  await want(1);
  const [dead] = await waiting();
  await engine.removeContainer(dead!);
  const session = await start();
  expect(session).toMatchObject({ status: "running", containerId: dead });
  await handle(session);
  expect(await getSession(session.id)).toMatchObject({ status: "queued", fromPool: false });
  await handle(session);
  const now = await getSession(session.id);
  expect(now).toMatchObject({ status: "running", failure: null });
  expect(await says(now, "echo up")).toBe("up\n");
  await end(session);
});

test("one that had ended is started again; one that can't be is left for a normal start", async () => {
  await want(2);
  for (const id of await waiting()) await engine.kill(id);
  const [first, second] = [await start(), await start()];
  await handle(first);
  expect(await engine.isRunning(first.containerId!)).toBe(true);
  expect(await getSession(first.id)).toMatchObject({ status: "running", containerId: first.containerId });
  const broken: Engine = {
    ...engine,
    start: async () => {
      throw new EngineError("failed", "no");
    },
  };
  await handle(second, broken);
  expect(await getSession(second.id)).toMatchObject({ status: "queued", containerId: null });
  await handle(second);
  expect(await getSession(second.id)).toMatchObject({ status: "running", fromPool: false });
  await want(0);
  await end(first);
  await end(second);
  expect(await all()).toEqual([]);
});

test("one that had ended, and whose session is stopped while it is started again, doesn't run", async () => {
  await want(1);
  await engine.kill((await waiting())[0]!);
  const session = await start();
  const slow: Engine = {
    ...engine,
    start: async (container) => {
      await stopSession(operator, session.id);
      await handle(session);
      await engine.start(container);
    },
  };
  await handle(session, slow);
  expect(await getSession(session.id)).toMatchObject({ status: "stopped" });
  expect(await engine.isRunning(session.containerId!)).toBe(false);
  await want(0);
  await end(session);
  expect(await all()).toEqual([]);
});

test("one that is started ahead is what a session's own container would be", async () => {
  await want(1);
  const [warm, cold] = [await start(), await start()];
  await handle(cold);
  const facts = async (session: SessionWire) => {
    const { containerId } = await getSession(session.id);
    const { HostConfig, Config, Image, Path, Args } = await docker.getContainer(containerId!).inspect();
    const { Hostname: _own, Labels: _whose, ...config } = Config;
    return { HostConfig, config, Image, Path, Args };
  };
  expect(warm.fromPool).toBe(true);
  expect(cold.fromPool).toBe(false);
  expect(await facts(warm)).toEqual(await facts(cold));
  await want(0);
  await end(warm);
  await end(cold);
});

test("one that somebody paused is of no use: it is replaced, and a session that took it starts normally", async () => {
  await want(1);
  const [paused] = await waiting();
  await pause(paused!);
  const session = await start();
  expect(session.containerId).toBe(paused);
  await handle(session);
  expect(await getSession(session.id)).toMatchObject({ status: "queued", fromPool: false });
  await handle(session);
  expect(await says(session, "echo up")).toBe("up\n");
  await end(session);
  await keeper.pass();
  const [next] = await waiting();
  await pause(next!);
  await db().$executeRaw`UPDATE warm_sandboxes SET ready_at = now() - interval '1 hour'`;
  await keeper.pass();
  const after = await waiting();
  expect(after).toHaveLength(1);
  expect(after).not.toContain(next);
  expect((await all()).map(({ id }) => id)).toEqual(after);
});

test("a session whose job was lost is looked after all the same", async () => {
  await want(1);
  const session = await start();
  await engine.removeContainer(session.containerId!);
  await tendSessions(worker, engine, new Set());
  expect(await getSession(session.id)).toMatchObject({ status: "queued", failure: null });
  await end(session);
});

test("what ended while it waited is replaced", async () => {
  await want(2);
  const before = await waiting();
  await engine.kill(before[0]!);
  await engine.removeContainer(before[1]!);
  await db().$executeRaw`UPDATE warm_sandboxes SET ready_at = now() - interval '1 hour'`;
  await keeper.pass();
  const after = await waiting();
  expect(after).toHaveLength(2);
  expect(after.some((id) => before.includes(id))).toBe(false);
  expect((await all()).map(({ id }) => id).toSorted()).toEqual(after.toSorted());
});

test("what is told to end, or killed, soon after its start, as by an engine's restart, is no failure of the pool", async () => {
  await want(2);
  const before = await waiting();
  await engine.stop(before[0]!, 3);
  await engine.kill(before[1]!);
  await keeper.pass();
  expect(await db().warmPoolFailure.count()).toBe(0);
  const after = await waiting();
  expect(after).toHaveLength(2);
  expect(after.some((id) => before.includes(id))).toBe(false);
});

test("a start that fails leaves no container, and isn't tried again at once", async () => {
  await updateProfile(operator, profile, { poolSize: 2 });
  let starts = 0;
  const broken: Engine = {
    ...engine,
    start: async () => {
      starts += 1;
      throw new EngineError("failed", "There is no shell.");
    },
  };
  const unlucky = new PoolKeeper(worker, broken, never);
  for (let n = 0; n < 5; n += 1) await unlucky.pass();
  // Two were begun at once; then the pool rests.
  expect(starts).toBeLessThanOrEqual(2);
  expect(await all()).toEqual([]);
  const { note, retryAt } = await readPool(profile);
  expect(note).toBe("The last start failed: There is no shell.");
  expect(Date.parse(retryAt ?? "")).toBeGreaterThan(Date.now() - 60_000);
  await db().$executeRaw`UPDATE warm_pool_failures SET retry_at = now()`;
  await keeper.pass();
  expect(await waiting()).toHaveLength(2);
});

test("an engine that is away: nothing changes, and no failure is counted", async () => {
  await want(1);
  const away: Engine = {
    ...engine,
    listContainers: async () => {
      throw new EngineError("unavailable", "away");
    },
  };
  const before = await waiting();
  await expect(new PoolKeeper(worker, away, never).pass()).rejects.toMatchObject({ code: "unavailable" });
  expect(await waiting()).toEqual(before);
  expect(await db().warmPoolFailure.count()).toBe(0);
});

test("a removal that hangs doesn't keep the others from being seen to run, nor the pool from being filled", async () => {
  await want(3);
  const held = Promise.withResolvers<void>();
  const asked: string[] = [];
  const slow: Engine = {
    ...engine,
    removeContainer: async (container) => {
      asked.push(container);
      await held.promise;
      await engine.removeContainer(container);
    },
  };
  const leaving = new AbortController();
  const running = new PoolKeeper(worker, slow, leaving.signal).run();
  await updateProfile(operator, profile, { poolSize: 2 });
  await until("a removal that hangs", () => asked.length === 1);
  await db().$executeRaw`UPDATE warm_looks SET checked_at = now() - interval '1 minute'`;
  await until("two to be seen to run", async () => (await readPool(profile)).ready === 2);
  const session = await start();
  expect(session.fromPool).toBe(true);
  await until("another one in its place", async () => (await readPool(profile)).ready === 2);
  expect(asked).toHaveLength(1);
  held.resolve();
  leaving.abort();
  await running;
  await handle(session);
  await end(session);
  expect((await all()).map(({ id }) => id).toSorted()).toEqual((await waiting()).toSorted());
});

test("a worker that died in the middle, with a container or without: the next one leaves nothing of it", async () => {
  await updateProfile(operator, profile, { poolSize: 2 });
  const other = { ...(await makeSessionWorker()), hostId: worker.hostId };
  // Both stay where they are: as if the process had ended there.
  const stuck: Engine = { ...engine, start: () => new Promise(() => undefined) };
  void new PoolKeeper(other, stuck, never).pass();
  await until("two containers that aren't started", async () => (await all()).length === 2);
  const abandoned = (await all()).map(({ id }) => id);
  await db().$executeRaw`UPDATE workers SET seen_at = now() - interval '1 hour' WHERE id = ${other.id}::uuid`;
  await keeper.pass();
  const now = (await all()).map(({ id }) => id);
  expect(now.toSorted()).toEqual((await waiting()).toSorted());
  expect(now).toHaveLength(2);
  expect(now.some((id) => abandoned.includes(id))).toBe(false);
});
