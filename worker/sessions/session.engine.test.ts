/** Sessions on the real engine: what they are started from, what can be done in them, how they end. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { createSession } from "@/lib/sessions/create.server";
import { deleteSession } from "@/lib/sessions/delete.server";
import { execInSession } from "@/lib/sessions/exec.server";
import { resumeSession } from "@/lib/sessions/resume.server";
import { stopSession } from "@/lib/sessions/stop.server";
import { getSession } from "@/lib/sessions/store.server";
import type { SessionWire } from "@/lib/sessions/wire";
import { createDockerEngine } from "@/worker/containers/docker";
import { docker } from "@/worker/containers/docker/testing/engine";
import { sweepNow } from "@/worker/sweep/sweep";
import { built, ended, operator, refresh } from "@/worker/testing/builds";
import { containersOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import { limitDisks } from "./disk";

let kiln: TestKiln;
let slug: string;
let imageId: string;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
  const files = [
    { path: "/etc/passwd", content: "root:x:0:0::/:/bin/sh\ndev:x:1000:1000::/tmp:/bin/sh\n" },
    { path: "/prepared", content: "prepared\n" },
  ];
  const snapshot = await built({
    files,
    setupScript: "cat /prepared",
    user: "dev",
    workdir: "/tmp/work",
    env: { FROM_SPEC: "spec", OVERRIDDEN: "spec" },
    resources: { cpus: 0.5, memoryMb: 96, pids: 48 },
  });
  expect(snapshot.failure).toBeNull();
  ({ slug } = snapshot);
  imageId = snapshot.image!.id;
});
afterAll(() => kiln.cleanUp());

const start = (env: Record<string, string> = {}) =>
  createSession(operator, { profile: slug, wait: "running", env });
const exec = (session: SessionWire, command: string[], timeoutSeconds = 20) =>
  execInSession(operator, session.id, { command, timeoutSeconds });
const sh = (session: SessionWire, script: string, timeoutSeconds?: number) =>
  exec(session, ["sh", "-c", script], timeoutSeconds);
const became = (session: SessionWire, status: SessionWire["status"]) =>
  until(`session ${session.id} to be ${status}`, async () => {
    const now = await getSession(session.id);
    return now.status === status ? now : null;
  });
const containerGone = (session: SessionWire) =>
  until(
    "its container to be gone",
    async () => (await containersOf(kiln.installation, session.id)).length === 0,
  );

test("it is started from the serving snapshot's image id, with the profile's limits, user, folder and environment", async () => {
  const session = await start({ OVERRIDDEN: "session", OWN: "a b" });
  expect(session).toMatchObject({ status: "running", failure: null });
  const found = await docker.getContainer(session.containerId!).inspect();
  expect(found.Image).toBe(imageId);
  expect(found.Config.Image).toBe(imageId);
  expect(found.HostConfig).toMatchObject({
    Memory: 96 * 1024 * 1024,
    MemorySwap: 96 * 1024 * 1024,
    NanoCpus: 500_000_000,
    PidsLimit: 48,
    NetworkMode: "none",
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges"],
    Privileged: false,
  });
  const { stdout } = await sh(session, 'cat /prepared; id -un; pwd; echo "$FROM_SPEC $OVERRIDDEN $OWN"');
  expect(stdout).toBe("prepared\ndev\n/tmp/work\nspec session a b\n");
  await deleteSession(operator, session.id);
  await containerGone(session);
});

test("a session goes on with its image when a newer snapshot serves", async () => {
  const older = await start();
  const newer = await ended(await refresh(slug));
  expect(newer).toMatchObject({ status: "ready", serving: true });
  const session = await start();
  expect((await docker.getContainer(session.containerId!).inspect()).Image).toBe(newer.image!.id);
  expect((await docker.getContainer(older.containerId!).inspect()).Image).toBe(imageId);
  expect((await sh(older, "cat /prepared")).stdout).toBe("prepared\n");
  imageId = newer.image!.id;
  await Promise.all([older, session].map(({ id }) => deleteSession(operator, id)));
});

test("exec: exit code, both outputs, arguments as they are, several at once", async () => {
  const session = await start();
  expect(await sh(session, "echo out; echo err >&2; exit 7")).toEqual({
    exitCode: 7,
    stdout: "out\n",
    stderr: "err\n",
    truncated: false,
  });
  expect(await exec(session, ["printf", "%s|", "a b", "$HOME", "; exit 1", "ü✓"])).toMatchObject({
    exitCode: 0,
    stdout: "a b|$HOME|; exit 1|ü✓|",
  });
  expect(await exec(session, ["true"])).toEqual({ exitCode: 0, stdout: "", stderr: "", truncated: false });
  // Without an input.
  expect(await exec(session, ["cat"])).toMatchObject({ exitCode: 0, stdout: "" });
  expect((await exec(session, ["no-such-program"])).exitCode).toBe(127);
  const several = await Promise.all([1, 2, 3, 4, 5].map((n) => sh(session, `echo ${n}`)));
  expect(several.map(({ stdout }) => stdout)).toEqual(["1\n", "2\n", "3\n", "4\n", "5\n"]);
  await deleteSession(operator, session.id);
});

test("exec: more than 1 MiB is cut, and said; bytes that aren't text come as what they can", async () => {
  const session = await start();
  const long = await sh(
    session,
    "head -c 3000000 /dev/zero | tr '\\0' x; head -c 2000000 /dev/zero | tr '\\0' y >&2",
  );
  expect(long).toMatchObject({ exitCode: 0, truncated: true });
  expect([long.stdout.length, long.stderr.length]).toEqual([1_048_576, 1_048_576]);
  const exact = await sh(session, "head -c 1048576 /dev/zero | tr '\\0' x");
  expect([exact.stdout.length, exact.truncated]).toEqual([1_048_576, false]);
  const binary = await sh(session, "printf 'a\\0b\\377c\\303\\251'");
  expect(binary).toMatchObject({ exitCode: 0, stdout: "a\0b\ufffdcé" });
  await deleteSession(operator, session.id);
});

test("exec: a command that runs too long is ended, with what it started; the session goes on", async () => {
  const session = await start();
  const started = performance.now();
  await expect(sh(session, "sleep 1001 & sleep 1002", 1)).rejects.toMatchObject({
    code: "exec_failed",
    message: expect.stringContaining("longer than 1 s"),
  });
  expect(performance.now() - started).toBeLessThan(10_000);
  await until(
    "its processes to be gone",
    async () => !/sleep 100[12]/.test((await sh(session, "ps")).stdout),
  );
  await deleteSession(operator, session.id);
});

test("stop ends it within seconds; resumed it has its files, and none of its processes", async () => {
  const session = await start();
  await sh(session, "echo mine > /tmp/file; sleep 1003 > /dev/null 2>&1 &");
  const started = performance.now();
  await stopSession(operator, session.id);
  const stopped = await became(session, "stopped");
  expect(performance.now() - started).toBeLessThan(8_000);
  expect(stopped.stoppedAt).not.toBeNull();
  expect(Date.parse(stopped.keptUntil ?? "")).toBeGreaterThan(Date.now() + 6 * 86_400_000);
  await expect(exec(session, ["true"])).rejects.toMatchObject({ code: "not_running" });
  const left = await containersOf(kiln.installation, session.id);
  expect(left).toMatchObject([{ id: session.containerId, running: false }]);
  // Nobody needs to sweep it.
  await sweepNow(
    await db().worker.findFirstOrThrow({ orderBy: { startedAt: "desc" } }),
    createDockerEngine(),
  );
  await Promise.all([1, 2, 3].map(() => resumeSession(operator, session.id)));
  const resumed = await became(session, "running");
  expect(resumed).toMatchObject({ containerId: session.containerId, stoppedAt: null, keptUntil: null });
  expect((await sh(session, "cat /tmp/file; ps | grep -c '[s]leep 1003'")).stdout).toBe("mine\n0\n");
  await deleteSession(operator, session.id);
  await containerGone(session);
});

test("what was stopped before it had a container starts from its snapshot when it is resumed; what lost its container fails", async () => {
  const [early, robbed] = await Promise.all([createSession(operator, { profile: slug, env: {} }), start()]);
  await became(early, "running");
  await stopSession(operator, early.id);
  await became(early, "stopped");
  await db().$executeRaw`UPDATE sessions SET container_id = NULL WHERE id = ${early.id}::uuid`;
  expect(await resumeSession(operator, early.id)).toMatchObject({ status: "queued" });
  await became(early, "running");
  expect((await sh(early, "cat /prepared")).stdout).toBe("prepared\n");
  await stopSession(operator, robbed.id);
  await became(robbed, "stopped");
  await docker.getContainer(robbed.containerId!).remove();
  await resumeSession(operator, robbed.id);
  expect((await became(robbed, "failed")).failure).toMatchObject({ code: "sandbox_gone" });
  for (const { id } of [early, robbed]) await deleteSession(operator, id);
});

test("a session that ignores TERM is stopped, too", async () => {
  const session = await start();
  await exec(session, ["sh", "-c", "(trap '' TERM; while :; do sleep 1; done) > /dev/null 2>&1 &"]);
  await stopSession(operator, session.id);
  await became(session, "stopped");
  await deleteSession(operator, session.id);
  await containerGone(session);
});

test("stop and delete while it starts leave nothing", async () => {
  const sessions = await Promise.all(
    [1, 2, 3, 4].map(() => createSession(operator, { profile: slug, env: {} })),
  );
  await Promise.all(
    sessions.map(({ id }, index) =>
      index % 2 === 0 ? stopSession(operator, id) : deleteSession(operator, id),
    ),
  );
  for (const [index, session] of sessions.entries())
    if (index % 2 === 0) {
      await became(session, "stopped");
      expect((await containersOf(kiln.installation, session.id)).filter(({ running }) => running)).toEqual(
        [],
      );
      await deleteSession(operator, session.id);
    }
  for (const session of sessions) await containerGone(session);
});

test("one that has written more than it may is stopped with its files", async () => {
  const snapshot = await built({ setupScript: "true", resources: { diskMb: 64 } });
  const session = await createSession(operator, { profile: snapshot.slug, wait: "running", env: {} });
  const { id: workerId, hostId, name } = await db().worker.findFirstOrThrow({ where: { status: "running" } });
  const look = () =>
    limitDisks({ id: workerId, hostId, name }, createDockerEngine(), new AbortController().signal);
  await db()
    .$executeRaw`UPDATE sessions SET started_at = now() - interval '1 hour' WHERE id = ${session.id}::uuid`;
  await look();
  expect(await getSession(session.id)).toMatchObject({ status: "running", notice: null });
  await sh(session, "dd if=/dev/zero of=/big bs=1M count=70 2>/dev/null");
  await look();
  const stopped = await became(session, "stopped");
  expect(stopped.notice).toContain("and may write 64 MB. Nothing was deleted.");
  await resumeSession(operator, session.id);
  await became(session, "running");
  await look();
  expect((await sh(session, "ls -s /big && rm /big")).exitCode).toBe(0);
  await deleteSession(operator, session.id);
  await containerGone(session);
});

test("twenty that are asked for at once all run, each in a container of its own; nothing of them is left", async () => {
  const sessions = await Promise.all(
    Array.from({ length: 20 }, (_, index) => start({ OWN: `number ${index}` })),
  );
  expect(sessions.map(({ status }) => status)).toEqual(sessions.map(() => "running"));
  expect(new Set(sessions.map(({ containerId }) => containerId)).size).toBe(20);
  const said = await Promise.all(sessions.map((session) => sh(session, 'echo "$OWN"', 60)));
  expect(said.map(({ stdout }) => stdout)).toEqual(sessions.map((_, index) => `number ${index}\n`));
  await Promise.all(sessions.map(({ id }) => deleteSession(operator, id)));
  for (const session of sessions) await containerGone(session);
});

test("what can't be started says why: the image is gone", async () => {
  const other = await built({ setupScript: "true" });
  await docker.getImage(other.image!.id).remove({ force: true });
  const session = await createSession(operator, { profile: other.slug, wait: "running", env: {} });
  expect(session).toMatchObject({ status: "failed", failure: { code: "snapshot_unavailable" } });
  expect(await containersOf(kiln.installation, session.id)).toEqual([]);
});

test("one whose container is killed behind our back is found, one that is expired is stopped", async () => {
  const [killed, removed, expired, fine] = await Promise.all([start(), start(), start(), start()]);
  await docker.getContainer(killed.containerId!).kill();
  await docker.getContainer(removed.containerId!).remove({ force: true });
  await db()
    .$executeRaw`UPDATE sessions SET expires_at = now() - interval '1 second', created_at = now() - interval '8 hours' WHERE id = ${expired.id}::uuid`;
  await expect(exec(killed, ["true"])).rejects.toMatchObject({ code: "exec_failed" });
  // Sweeps at its start, as every worker does each minute.
  await kiln.startWorker();
  for (const gone of [killed, removed]) {
    expect((await became(gone, "failed")).failure).toMatchObject({ code: "sandbox_gone" });
    await containerGone(gone);
  }
  await became(expired, "expired");
  expect(await containersOf(kiln.installation, expired.id)).toMatchObject([{ running: false }]);
  await resumeSession(operator, expired.id);
  await became(expired, "running");
  expect((await exec(expired, ["echo", "again"])).stdout).toBe("again\n");
  await deleteSession(operator, expired.id);
  expect(await getSession(fine.id)).toMatchObject({ status: "running" });
  expect((await exec(fine, ["echo", "fine"])).stdout).toBe("fine\n");
  await deleteSession(operator, fine.id);
});

test("a sandbox that the engine's restart ended runs again; one without commands is stopped; one that nobody resumes goes", async () => {
  const [restarted, idle, forgotten] = await Promise.all([start(), start(), start()]);
  await sh(restarted, "echo mine > /tmp/file");
  // So an engine that was restarted leaves it.
  await docker.getContainer(restarted.containerId!).kill();
  await stopSession(operator, forgotten.id);
  await became(forgotten, "stopped");
  await updateProfile(operator, slug, { sessionIdleMinutes: 5 });
  await db()
    .$executeRaw`UPDATE sessions SET started_at = now() - interval '6 minutes', created_at = now() - interval '6 minutes' WHERE id IN (${restarted.id}::uuid, ${idle.id}::uuid)`;
  await db()
    .$executeRaw`UPDATE sessions SET stopped_at = now() - interval '8 days' WHERE id = ${forgotten.id}::uuid`;
  await kiln.startWorker();
  const again = await until("it to be started again", async () => {
    const now = await getSession(restarted.id);
    return now.notice === null ? null : now;
  });
  expect(again).toMatchObject({ status: "running", failure: null, containerId: restarted.containerId });
  expect((await sh(restarted, "cat /tmp/file")).stdout).toBe("mine\n");
  expect((await became(idle, "stopped")).notice).toBe("Stopped after 5 min without use.");
  await expect(getSession(forgotten.id)).rejects.toMatchObject({ status: 404 });
  await containerGone(forgotten);
  await updateProfile(operator, slug, { sessionIdleMinutes: null });
  for (const { id } of [restarted, idle]) await deleteSession(operator, id);
});

test("sessions outlive their worker, and another one serves them", async () => {
  const session = await start();
  await Promise.all(kiln.workers.map((worker) => worker.kill()));
  const waiting = createSession(operator, { profile: slug, env: {} });
  await kiln.startWorker();
  expect((await exec(session, ["cat", "/prepared"])).stdout).toBe("prepared\n");
  await became(await waiting, "running");
  await deleteSession(operator, session.id);
  await containerGone(session);
});
