/** What only the engine knows of a session: its container's log, and the disk that it takes. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { diskOfSession } from "@/lib/sandboxes/disk.server";
import { followContainerLog } from "@/lib/sandboxes/log.server";
import type { LogPiece } from "@/lib/sandboxes/wire";
import { createSession } from "@/lib/sessions/create.server";
import { execInSession } from "@/lib/sessions/exec.server";
import { stopSession } from "@/lib/sessions/stop.server";
import type { SessionWire } from "@/lib/sessions/wire";
import { docker } from "@/worker/containers/docker/testing/engine";
import { built, operator } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
});
afterAll(() => kiln.cleanUp());

async function start(user: string): Promise<SessionWire> {
  const { slug } = await built({ setupScript: "true", user });
  return createSession(operator, { profile: slug, wait: "running", env: {} });
}
const sh = (session: SessionWire, script: string) =>
  execInSession(operator, session.id, { command: ["sh", "-c", script], timeoutSeconds: 20 });

test.each(["root", "1000"])(
  "what is written to the main process's output is its log, live, to the container's end (%s)",
  async (user) => {
    const session = await start(user);
    expect(await sh(session, "echo 'grüß before' >/proc/1/fd/1")).toMatchObject({ exitCode: 0 });
    const leave = new AbortController();
    const pieces = await followContainerLog(session.id, leave.signal);
    const next = async (): Promise<LogPiece | undefined> => (await pieces.next()).value ?? undefined;
    expect(await next()).toEqual({ type: "text", stream: "stdout", text: "grüß before\n" });
    await sh(session, "(sleep 0.2; echo later >/proc/1/fd/2) >/dev/null 2>&1 &");
    expect(await next()).toEqual({ type: "text", stream: "stderr", text: "later\n" });
    await stopSession(operator, session.id);
    expect(await next()).toMatchObject({ type: "end" });
    expect(await next()).toBeUndefined();
    await until("it to be stopped", async () => {
      const refusal = await followContainerLog(session.id, leave.signal).catch((error: unknown) => error);
      return refusal instanceof Error && "code" in refusal && refusal.code === "not_running";
    });
  },
);

test("its disk is what it has written, and many who ask at once have it counted once", async () => {
  const session = await start("root");
  const { signal } = new AbortController();
  const before = await diskOfSession(session.id, signal);
  await sh(session, "head -c 30000000 /dev/urandom > /filled");
  const [one, two] = await Promise.all([
    diskOfSession(session.id, signal),
    diskOfSession(session.id, signal),
  ]);
  expect(one).toEqual(two);
  // What was looked at a moment ago is told again.
  expect(one.at).toBe(before.at);
  expect(before.limitBytes).toBeGreaterThan(1_000_000);
  const other = await start("root");
  await sh(other, "head -c 30000000 /dev/urandom > /filled");
  expect((await diskOfSession(other.id, signal)).bytes).toBeGreaterThanOrEqual(30_000_000);
});

test("a log that the engine can't begin is refused with its reason, and not begun", async () => {
  const session = await start("root");
  const { containerId } = await db().session.findUniqueOrThrow({ where: { id: session.id } });
  await docker.getContainer(containerId!).remove({ force: true });
  await expect(followContainerLog(session.id, new AbortController().signal)).rejects.toMatchObject({
    ...{ status: 503, code: "no_answer" },
    message: expect.stringMatching(/no such container/i),
  });
});

test("readers who leave before they are answered take nobody's place", async () => {
  const session = await start("root");
  for (let round = 0; round < 40; round += 1)
    await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        followContainerLog(session.id, AbortSignal.timeout(index * 3)).then((pieces) => pieces.return()),
      ),
    );
  const leave = new AbortController();
  for (let reader = 0; reader < 200; reader += 1) await followContainerLog(session.id, leave.signal);
  await expect(followContainerLog(session.id, leave.signal)).rejects.toMatchObject({ code: "no_answer" });
  leave.abort();
});

test("an engine that takes too long is told as such, and is no fault of Kiln's", async () => {
  const session = await start("root");
  await expect(diskOfSession(session.id, AbortSignal.timeout(0))).rejects.toMatchObject({
    ...{ status: 503, code: "no_answer" },
  });
});
