import { afterAll, expect, test } from "vitest";
import { connect } from "./connect";
import { inspectContainer } from "./inspect";
import { reportedOutOfMemory } from "./out-of-memory";
import { testInstallation } from "./testing/engine";
import { engineProxy } from "./testing/proxy";

const never = new AbortController().signal;
const { engine, create, cleanUp } = testInstallation();
afterAll(cleanUp);

const small = { cpus: 1, memoryMb: 32, pids: 32 };

test.for([0, 1, 42, 137])("exit code %i is told", async (code) => {
  const id = await create({ command: ["sh", "-c", `exit ${code}`] });
  await engine.start(id);
  await expect(engine.waitForExit(id, never)).resolves.toEqual({ exitCode: code, outOfMemory: false });
  // And again, long after.
  await expect(engine.waitForExit(id, never)).resolves.toEqual({ exitCode: code, outOfMemory: false });
});

test("a main process that was killed for memory is told", async () => {
  const id = await create({ command: ["tail", "/dev/zero"], limits: small });
  await engine.start(id);
  await expect(engine.waitForExit(id, never)).resolves.toEqual({ exitCode: 137, outOfMemory: true });
});

test("so is a child, though the script exits with 0, each of eight times", async () => {
  const script = "tail /dev/zero & wait; exit 0";
  const facts = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const id = await create({ command: ["sh", "-c", script], limits: small });
      await engine.start(id);
      return await engine.waitForExit(id, never);
    }),
  );
  expect(facts).toEqual(facts.map(() => ({ exitCode: 0, outOfMemory: true })));
});

test("the engine's report of it is found by itself, and is the container's own", async () => {
  const client = connect({});
  const reports = await Promise.all(
    ["tail /dev/zero & wait; exit 0", "exit 0"].map(async (script) => {
      const id = await create({ command: ["sh", "-c", script], limits: small });
      await engine.start(id);
      await engine.waitForExit(id, never);
      const found = await inspectContainer(client, id);
      return await reportedOutOfMemory(client, { id, finishedAt: found.State.FinishedAt });
    }),
  );
  expect(reports).toEqual([true, false]);
  await expect(reportedOutOfMemory(client, { id: "x", finishedAt: "0001-01-01T00:00:00Z" })).resolves.toBe(
    false,
  );
});

test("an exit that is told early is followed by what the engine says of memory", async () => {
  const script = "tail /dev/zero & wait; exit 0";
  const [greedy, modest] = await Promise.all(
    [script, "exit 3"].map(async (command) => {
      const id = await create({ command: ["sh", "-c", command], limits: small });
      await engine.start(id);
      const exit = await engine.waitForEarlyExit(id, never);
      return { exitCode: exit.exitCode, outOfMemory: await exit.outOfMemory };
    }),
  );
  expect(greedy).toEqual({ exitCode: 0, outOfMemory: true });
  expect(modest).toEqual({ exitCode: 3, outOfMemory: false });
});

test("memory that ran out in one container isn't blamed on its neighbour", async () => {
  const greedy = await create({ command: ["sh", "-c", "tail /dev/zero & wait; sleep 2"], limits: small });
  const modest = await create({ command: ["sleep", "1"], limits: small });
  await Promise.all([engine.start(greedy), engine.start(modest)]);
  await expect(engine.waitForExit(modest, never)).resolves.toEqual({ exitCode: 0, outOfMemory: false });
  await expect(engine.waitForExit(greedy, never)).resolves.toEqual({ exitCode: 0, outOfMemory: true });
});

test("a container that hasn't been started is waited for", async () => {
  const id = await create({ command: ["sh", "-c", "exit 3"] });
  const waiting = engine.waitForExit(id, never);
  await engine.start(id);
  await expect(waiting).resolves.toEqual({ exitCode: 3, outOfMemory: false });
});

test("an exit is told at once, not at the next poll", async () => {
  const patient = testInstallation({ deadlines: { poll: 60_000 } });
  const id = await create({ command: ["sleep", "1"] });
  await engine.start(id);
  await expect(patient.engine.waitForExit(id, AbortSignal.timeout(10_000))).resolves.toMatchObject({
    exitCode: 0,
  });
});

test("an abort ends the waiting with its reason", async () => {
  const id = await create({ command: ["sleep", "1000"] });
  await engine.start(id);
  const abort = new AbortController();
  const waiting = engine.waitForExit(id, abort.signal);
  abort.abort("enough");
  await expect(waiting).rejects.toBe("enough");
  await engine.removeContainer(id);
});

test("a container that is removed meanwhile, or never was, is not found", async () => {
  const id = await create({ command: ["sleep", "1000"] });
  await engine.start(id);
  const waiting = engine.waitForExit(id, never).then(
    () => "exited",
    (error: { code: string }) => error.code,
  );
  await engine.removeContainer(id);
  // The wait may see the exit before the removal.
  expect(["exited", "not_found"]).toContain(await waiting);
  await expect(engine.waitForExit(id, never)).rejects.toMatchObject({ code: "not_found" });
});

test("a wait whose connection was cut goes on by asking", async () => {
  const proxy = await engineProxy();
  const cutOff = testInstallation({ dockerHost: proxy.dockerHost, deadlines: { poll: 200 } });
  const id = await create({ command: ["sleep", "1000"] });
  await engine.start(id);
  let isListening = false;
  proxy.onRequest((bytes) => {
    isListening ||= bytes.includes(`${id}/wait`);
    return bytes;
  });
  const waiting = cutOff.engine.waitForExit(id, never);
  // What is cut is the wait, and no inspection beside it.
  await expect.poll(() => isListening && proxy.open()).toBe(1);
  proxy.cut();
  await engine.kill(id);
  await expect(waiting).resolves.toEqual({ exitCode: 137, outOfMemory: false });
  await expect.poll(() => proxy.open()).toBe(0);
  await proxy.close();
});

test("an engine that falls silent or goes away is unavailable, in bounded time", async () => {
  const id = await create({ command: ["sleep", "1000"] });
  await engine.start(id);
  const deadlines = { poll: 200, quick: 500 };
  const silent = await engineProxy();
  const gone = await engineProxy();
  const waits = [silent, gone].map((proxy) =>
    testInstallation({ dockerHost: proxy.dockerHost, deadlines }).engine.waitForExit(
      id,
      AbortSignal.timeout(20_000),
    ),
  );
  await expect.poll(() => silent.open() + gone.open()).toBeGreaterThan(1);
  silent.freeze();
  await Promise.all([
    gone.close(),
    ...waits.map((wait) => expect(wait).rejects.toMatchObject({ code: "unavailable" })),
  ]);
  await expect.poll(() => silent.open()).toBe(0);
  await silent.close();
  await engine.removeContainer(id);
});
