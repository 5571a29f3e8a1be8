import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { collect, testInstallation } from "./testing/engine";
import { type EngineProxy, engineProxy } from "./testing/proxy";

let proxy: EngineProxy;
let under: ReturnType<typeof testInstallation>;
const never = new AbortController().signal;
const MIB = 1024 * 1024;

beforeAll(async () => {
  proxy = await engineProxy();
  under = testInstallation({ dockerHost: proxy.dockerHost });
});
afterAll(async () => {
  await under.cleanUp();
  await proxy.close();
});

/** The connection is gone, not only forgotten. */
const noneOpen = () => vi.waitFor(() => expect(proxy.open()).toBe(0), { timeout: 5000 });

test("the first byte is never lost, however soon the container ends", async () => {
  const runs = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      under.run({ command: ["sh", "-c", `echo ${index}; echo bad >&2`] }),
    ),
  );
  expect(runs.map((run) => run.stdout)).toEqual(runs.map((_, index) => `${index}\n`));
  expect(runs.map((run) => run.stderr)).toEqual(runs.map(() => "bad\n"));
  await noneOpen();
});

test("bytes are what they are: NUL, invalid UTF-8, no line end, both outputs in their order", async () => {
  const script = "printf 'a\\0b\\377\\303'; printf 'c' >&2; printf '\\251d'";
  const id = await under.create({ command: ["sh", "-c", script] });
  const parts: Record<string, number[]> = { stdout: [], stderr: [] };
  for await (const { stream, data } of under.engine.startAttached(id, never)) parts[stream]?.push(...data);
  expect(parts.stdout).toEqual([0x61, 0, 0x62, 0xff, 0xc3, 0xa9, 0x64]);
  expect(parts.stderr).toEqual([0x63]);
});

test("200,000 lines pass in a few seconds with flat memory", async () => {
  const line = "x".repeat(82);
  const id = await under.create({ command: ["sh", "-c", `yes ${line} | head -n 200000`] });
  const before = process.memoryUsage().rss;
  const started = Date.now();
  let bytes = 0;
  let highest = 0;
  for await (const { data } of under.engine.startAttached(id, never)) {
    bytes += data.length;
    highest = Math.max(highest, process.memoryUsage.rss());
  }
  expect(bytes).toBe(200_000 * 83);
  expect(Date.now() - started).toBeLessThan(10_000);
  expect((highest - before) / MIB).toBeLessThan(80);
});

test("a consumer that doesn't pull holds the container up, and loses nothing", async () => {
  const total = 64 * MIB;
  const id = await under.create({ command: ["head", "-c", String(total), "/dev/zero"] });
  const output = under.engine.startAttached(id, never);
  const first = await output.next();
  let bytes = first.value?.data.length ?? 0;
  const before = process.memoryUsage().rss;
  // Unhindered this takes a tenth of a second.
  const patience = AbortSignal.timeout(2000);
  await expect(under.engine.waitForExit(id, patience)).rejects.toMatchObject({ name: "TimeoutError" });
  expect((process.memoryUsage().rss - before) / MIB).toBeLessThan(16);
  for await (const { data } of output) bytes += data.length;
  expect(bytes).toBe(total);
  await expect(under.engine.waitForExit(id, never)).resolves.toMatchObject({ exitCode: 0 });
});

test("an abort ends the reading with its reason and leaves no connection", async () => {
  const id = await under.create({ command: ["sh", "-c", "echo ready; exec sleep 1000"] });
  const abort = new AbortController();
  const reason = new Error("cancelled by a person");
  const reading = async () => {
    for await (const _ of under.engine.startAttached(id, abort.signal)) abort.abort(reason);
  };
  await expect(reading()).rejects.toBe(reason);
  await noneOpen();
  await expect(under.engine.isRunning(id)).resolves.toBe(true);
  await under.engine.removeContainer(id);
});

test("an abort while nothing is said ends the reading, too", async () => {
  const id = await under.create({ command: ["sleep", "1000"] });
  const abort = new AbortController();
  const reading = collect(under.engine.startAttached(id, abort.signal));
  await vi.waitFor(async () => expect(await under.engine.isRunning(id)).toBe(true), { timeout: 10_000 });
  abort.abort();
  await expect(reading).rejects.toBe(abort.signal.reason);
  await noneOpen();
  await under.engine.removeContainer(id);
});

test("an aborted signal starts nothing", async () => {
  const id = await under.create();
  await expect(collect(under.engine.startAttached(id, AbortSignal.abort("no")))).rejects.toBe("no");
  await expect(under.engine.isRunning(id)).resolves.toBe(false);
  await noneOpen();
});

test("leaving the loop leaves no connection, nor does a failed start or a missing container", async () => {
  const id = await under.create({ command: ["sh", "-c", "yes"] });
  for await (const _ of under.engine.startAttached(id, never)) break;
  await noneOpen();
  await under.engine.removeContainer(id);
  await expect(collect(under.engine.startAttached(id, never))).rejects.toMatchObject({ code: "not_found" });
  const broken = await under.create({ command: ["/no/such/thing"] });
  await expect(collect(under.engine.startAttached(broken, never))).rejects.toMatchObject({ code: "failed" });
  await noneOpen();
});
