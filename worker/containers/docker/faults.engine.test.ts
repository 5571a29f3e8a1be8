import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, expect, test } from "vitest";
import type { Engine } from "../types";
import { createDockerEngine } from "./index";
import { collect, testInstallation } from "./testing/engine";
import { type EngineProxy, engineProxy } from "./testing/proxy";

const never = new AbortController().signal;
const { engine, create, run, own, plan, reference, cleanUp } = testInstallation();
afterAll(cleanUp);

const exec = { command: ["true"], timeoutSeconds: 5, maxBytes: 1, user: "root", workdir: "/" };
const snapshot = {
  reference: reference(),
  base: { command: null, entrypoint: null, user: "" },
  ownership: own({ kind: "snapshot" }),
  comment: "",
};

/** The last that an engine which is killed got out, in the worst case. */
function halfAHeader(_bytes: Buffer, proxy: EngineProxy): Buffer {
  setImmediate(proxy.cut);
  return Buffer.from([1, 0, 0, 0, 0]);
}

/** Every call of the boundary; a new one has to be added here, or this doesn't compile. */
const calls: Record<Exclude<keyof Engine, "standBy" | "close">, (engine: Engine) => Promise<unknown>> = {
  identify: (on) => on.identify(),
  runtimes: (on) => on.runtimes(),
  resolveImage: (on) => on.resolveImage("x", () => undefined, never),
  registryDigest: (on) => on.registryDigest("x", never),
  inspectImage: (on) => on.inspectImage("x"),
  removeImage: (on) => on.removeImage("x"),
  createContainer: (on) => on.createContainer(plan()),
  hasPath: (on) => on.hasPath("x", "/"),
  writeFiles: (on) => on.writeFiles("x", [{ path: "/x", content: "x", mode: 0o644 }]),
  startAttached: (on) => collect(on.startAttached("x", never)),
  startWaiting: (on) => on.startWaiting(plan()),
  start: (on) => on.start("x"),
  waitForExit: (on) => on.waitForExit("x", never),
  waitForEarlyExit: (on) => on.waitForEarlyExit("x", never),
  sawEnd: (on) => on.sawEnd("x", never),
  kill: (on) => on.kill("x"),
  stop: (on) => on.stop("x", 0),
  isRunning: (on) => on.isRunning("x"),
  stateOf: (on) => on.stateOf("x"),
  lastExit: (on) => on.lastExit("x"),
  followOutput: (on) => collect(on.followOutput("x", never)),
  flatten: (on) => on.flatten("x", { ownership: own(), sandbox: own(), comment: "x" }, never),
  tagImage: (on) => on.tagImage("x", "y:z"),
  renameContainer: (on) => on.renameContainer("x", "y"),
  containerUse: (on) => on.containerUse("x"),
  removeContainer: (on) => on.removeContainer("x"),
  capture: (on) => on.capture("x", snapshot),
  exec: (on) => on.exec("x", exec),
  openTerminal: (on) =>
    on.openTerminal("x", { command: ["sh"], user: "root", workdir: "/", env: {}, columns: 80, rows: 24 }),
  openPipe: (on) => on.openPipe("x", { command: ["cat"], user: "root", workdir: "/" }),
  feed: (on) => on.feed("x", { command: ["cat"], input: "", user: "root", timeoutSeconds: 1 }),
  exportContainer: (on) => Array.fromAsync(on.exportContainer("x", never)),
  exportFolder: (on) => Array.fromAsync(on.exportFolder("x", "/", never)),
  importFolder: (on) => on.importFolder("x", "/", Readable.from([]), never),
  searchImage: (on) => on.searchImage("x", "y", () => ({ push: () => null }), never),
  listContainers: (on) => on.listContainers("x"),
  listImages: (on) => on.listImages("x"),
  listVolumes: (on) => on.listVolumes("x"),
  removeVolume: (on) => on.removeVolume("none"),
  volumeBytes: (on) => on.volumeBytes(),
  containerDisk: (on) => on.containerDisk("x"),
  exclusiveImageBytes: (on) => on.exclusiveImageBytes(),
  disk: (on) => on.disk(),
};

test("without an engine every call is unavailable at once, and says where it looked", async () => {
  const socket = path.join(tmpdir(), `${randomUUID()}.sock`);
  const absent = createDockerEngine({ dockerHost: `unix://${socket}` });
  const refusing = createDockerEngine({ dockerHost: "tcp://127.0.0.1:1" });
  for (const call of Object.values(calls)) {
    await expect(call(absent)).rejects.toMatchObject({
      name: "EngineError",
      code: "unavailable",
      message: expect.stringContaining(socket),
    });
    await expect(call(refusing)).rejects.toMatchObject({ code: "unavailable" });
  }
});

test("an engine that accepts and never answers is unavailable within the deadline, and no connection is left", async () => {
  const proxy = await engineProxy();
  proxy.freeze();
  const deadlines = { quick: 300, slow: 300, pullIdle: 300, registry: 300, poll: 100 };
  const silent = createDockerEngine({ dockerHost: proxy.dockerHost, deadlines });
  const started = Date.now();
  await Promise.all(
    Object.values(calls).map((call) =>
      expect(call(silent)).rejects.toMatchObject({
        name: "EngineError",
        code: "unavailable",
        message: expect.stringContaining("0.3 s"),
      }),
    ),
  );
  // Thirty calls at once on a busy machine; the shortest of the real deadlines is fifteen seconds.
  expect(Date.now() - started).toBeLessThan(8000);
  await expect.poll(() => proxy.open()).toBe(0);
  await proxy.close();
});

test("once the engine is there the same client works", async () => {
  const gone = await engineProxy();
  const client = createDockerEngine({ dockerHost: gone.dockerHost });
  const before = plan();
  await gone.close();
  await expect(client.createContainer(before)).rejects.toMatchObject({ code: "unavailable" });
  const back = await engineProxy(gone.dockerHost.slice("unix://".length));
  await expect(client.createContainer(before)).resolves.toMatch(/^[0-9a-f]{64}$/);
  await back.close();
});

test("an engine that falls silent within an answer is unavailable, though its client never notices", async () => {
  const proxy = await engineProxy();
  const deadlines = { quick: 500, slow: 500 };
  const client = createDockerEngine({ dockerHost: proxy.dockerHost, deadlines });
  proxy.onAnswer((bytes) => {
    proxy.freeze();
    return bytes.subarray(0, bytes.indexOf("\r\n\r\n") + 10);
  });
  await expect(client.identify()).rejects.toMatchObject({ message: expect.stringContaining("within 0.5 s") });
  await expect.poll(() => proxy.open()).toBe(0);
  await proxy.close();
});

test("output that ends because the engine's connection was cut within a frame isn't taken for complete", async () => {
  const proxy = await engineProxy();
  const behind = testInstallation({ dockerHost: proxy.dockerHost });
  const id = await create({ command: ["sh", "-c", "while :; do head -c 100000 /dev/zero; done"] });
  const output = behind.engine.startAttached(id, never);
  let bytes = 0;
  const reading = (async () => {
    for await (const { data } of output) {
      bytes += data.length;
      if (bytes > 5_000_000) proxy.onAnswer(halfAHeader);
    }
  })();
  await expect(reading).rejects.toMatchObject({ code: "unavailable" });
  await engine.removeContainer(id);
  await proxy.close();
});

test("a capture whose engine falls silent is given up long before its own deadline", async () => {
  const { id } = await run();
  const proxy = await engineProxy();
  const deadlines = { quick: 300, poll: 100 };
  const client = createDockerEngine({ dockerHost: proxy.dockerHost, deadlines });
  proxy.onRequest((bytes) => {
    if (!bytes.includes("POST /commit")) return bytes;
    proxy.freeze();
    return Buffer.alloc(0);
  });
  const started = Date.now();
  await expect(client.capture(id, { ...snapshot, reference: reference() })).rejects.toMatchObject({
    code: "unavailable",
  });
  expect(Date.now() - started).toBeLessThan(5000);
  await expect.poll(() => proxy.open()).toBe(0);
  await proxy.close();
});

test("a capture whose connection is cut is unavailable", async () => {
  const { id } = await run();
  const proxy = await engineProxy();
  const client = createDockerEngine({ dockerHost: proxy.dockerHost });
  proxy.onRequest((bytes) => {
    if (!bytes.includes("POST /commit")) return bytes;
    proxy.cut();
    // Not passed on: the engine would finish it, perhaps after this file's clean-up.
    return Buffer.alloc(0);
  });
  await expect(client.capture(id, { ...snapshot, reference: reference() })).rejects.toMatchObject({
    code: "unavailable",
  });
  await proxy.close();
});
