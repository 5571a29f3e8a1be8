/** A command's output as it comes: while it runs, all of it, at its reader's pace, and what becomes of it when nobody reads. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { lookAtSession } from "@/lib/activity/activity.server";
import type { ExecFrame } from "@/lib/commands/wire";
import { db } from "@/lib/db/client.server";
import { createSession } from "@/lib/sessions/create.server";
import { execInSession, streamInSession } from "@/lib/sessions/exec.server";
import type { SessionWire } from "@/lib/sessions/wire";
import { docker } from "@/worker/containers/docker/testing/engine";
import { built, operator } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
let session: SessionWire;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
  const { slug } = await built({ setupScript: "true" });
  session = await createSession(operator, { profile: slug, wait: "running", env: {} });
});
afterAll(() => kiln.cleanUp());

const stream = async (script: string, signal = new AbortController().signal) =>
  (await streamInSession(operator, session.id, { command: ["sh", "-c", script], timeoutSeconds: 60 }))(
    signal,
  );
const sh = (script: string) =>
  execInSession(operator, session.id, { command: ["sh", "-c", script], timeoutSeconds: 20 });
/** All that it said, and its last frame. */
async function all(frames: AsyncIterable<ExecFrame>) {
  const said = { stdout: "", stderr: "" };
  let end: ExecFrame | undefined;
  for await (const frame of frames)
    if ("stream" in frame) said[frame.stream] += frame.text;
    else end = frame;
  return { ...said, end };
}
const newest = () => db().sandboxCommand.findFirstOrThrow({ orderBy: { id: "desc" } });
const chunks = () => db().commandChunk.count();

test("what it prints is here while it runs, and a letter that comes in two halves is whole", async () => {
  const frames = await stream(
    "printf 'caf\\303'; until [ -e /tmp/a ]; do sleep 0.05; done; printf '\\251 and '; echo oh >&2; until [ -e /tmp/b ]; do sleep 0.05; done; echo more",
  );
  expect(await frames.next()).toEqual({ done: false, value: { stream: "stdout", text: "caf" } });
  await sh("touch /tmp/a");
  const { value } = await frames.next();
  expect(value).toMatchObject({ text: expect.stringMatching(/^(é and |oh\n)$/) });
  await sh("touch /tmp/b");
  const rest = await all(frames);
  expect(`${rest.stdout}${rest.stderr}`).toMatch(/more\n/);
  expect(rest.end).toEqual({ exitCode: 0, truncated: false });
  expect(await chunks()).toBe(0);
});

test("a lot of it comes whole and in order, however slowly it is read; the command waits", async () => {
  const frames = await stream("seq 1 2000000; exit 5");
  const first = await frames.next();
  // Nobody reads: so many pieces wait, and no more.
  await until("the command to wait for its reader", async () => (await chunks()) >= 60);
  expect(await chunks()).toBeLessThanOrEqual(70);
  expect((await newest()).status).toBe("running");
  const { stdout, end } = await all(frames);
  const text = (first.value && "text" in first.value ? first.value.text : "") + stdout;
  expect(end).toEqual({ exitCode: 5, truncated: false });
  expect(text).toBe(Array.from({ length: 2_000_000 }, (_, index) => `${index + 1}\n`).join(""));
  expect(await chunks()).toBe(0);
});

test("a reader that leaves doesn't end it; what it says from then on is dropped", async () => {
  const left = new AbortController();
  const frames = await stream("echo begun; seq 1 300000; echo done > /tmp/done", left.signal);
  await frames.next();
  left.abort();
  await frames.return();
  await until("it to end", async () => (await newest()).status === "done");
  expect((await sh("cat /tmp/done")).stdout).toBe("done\n");
  expect(await chunks()).toBe(0);
});

test("who looks at what runs sees it with its ports, and leaves no trace: no use, no entry, no row", async () => {
  await sh("httpd -p 8080; httpd -p 127.0.0.1:9090; (sleep 300 >/dev/null 2>&1 &)");
  const entries = () => db().auditEntry.count();
  const [rows, said] = [await db().sandboxCommand.count(), await entries()];
  const activity = await lookAtSession(operator, session.id);
  expect(activity.ports).toEqual([
    { port: 8080, address: "any" },
    { port: 9090, address: "loopback" },
  ]);
  const commands = activity.processes.map(({ command }) => command);
  expect(commands).toContain("sleep 300");
  expect(commands.join()).not.toMatch(/kiln-activity|cmdline|===/);
  expect(activity.memoryBytes).toBeGreaterThan(0);
  expect(activity.memoryLimitBytes).toBe(128 * 1024 * 1024);
  const { cpuSeconds } = await lookAtSession(operator, session.id);
  expect(cpuSeconds).toBeGreaterThan(activity.cpuSeconds ?? Number.POSITIVE_INFINITY);
  expect([await db().sandboxCommand.count(), await entries()]).toEqual([rows, said]);
});

test("what can't be run, and what ends with its sandbox, says so in its last frame", async () => {
  expect(await all(await stream("no-such-program"))).toMatchObject({ end: { exitCode: 127 } });
  const frames = await stream("echo up; sleep 1000");
  await frames.next();
  await docker.getContainer(session.containerId ?? "").kill();
  const { end } = await all(frames);
  expect(end).toEqual(
    expect.objectContaining(end && "error" in end ? { error: expect.anything() } : { exitCode: 137 }),
  );
});
