/** Starting a session against the odds: two workers, a late one, a database that goes away in between. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { isDatabaseAway } from "@/lib/db/away.server";
import { db } from "@/lib/db/client.server";
import { deleteSession } from "@/lib/sessions/delete.server";
import { execInSession } from "@/lib/sessions/exec.server";
import { moveSession, resendWaitingSessions } from "@/lib/sessions/progress.server";
import { resumeSession } from "@/lib/sessions/resume.server";
import { stopSession } from "@/lib/sessions/stop.server";
import { getSession } from "@/lib/sessions/store.server";
import type { SessionWire } from "@/lib/sessions/wire";
import { publishReady } from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { operator } from "@/prisma/factories/people";
import { makeSession } from "@/prisma/factories/sessions";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { handleCommand } from "@/worker/commands/handler";
import { createDockerEngine } from "@/worker/containers/docker";
import { BUSYBOX, docker } from "@/worker/containers/docker/testing/engine";
import { type Engine, EngineError } from "@/worker/containers/types";
import { tendSessions } from "@/worker/sweep/tend";
import { type DatabaseFaults, databaseFaults } from "@/worker/testing/database-faults";
import { containersOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import { handleSession } from "./start";

const engine = createDockerEngine();
let kiln: TestKiln;
let faults: DatabaseFaults;
let worker: TestWorker;
let other: TestWorker;
let profileId: string;
beforeAll(async () => {
  kiln = await startKiln();
  faults = await databaseFaults(kiln.database.url);
  worker = await makeSessionWorker();
  other = { ...(await makeSessionWorker()), hostId: worker.hostId };
  const { profile, snapshot } = await publishReady(worker);
  profileId = profile.id;
  const { Id } = await docker.getImage(BUSYBOX).inspect();
  await db().$executeRaw`UPDATE snapshots SET image_id = ${Id} WHERE id = ${snapshot.id}::uuid`;
});
afterAll(async () => {
  await faults.close();
  await kiln.cleanUp();
});

const start = (session: SessionWire, by: TestWorker, on: Engine = engine) =>
  handleSession(session.id, by, on, new Set());
/** Something happens after the container was made and before it is started. */
const interrupted = (between: () => Promise<unknown>): Engine => ({
  ...engine,
  start: async (container) => {
    await between();
    await engine.start(container);
  },
});
const containers = (session: SessionWire) => containersOf(kiln.installation, session.id);

test("two deliveries at once to one worker, and to two: one container", async () => {
  const session = await makeSession(profileId);
  await Promise.all([start(session, worker), start(session, worker), start(session, other)]);
  const now = await getSession(session.id);
  expect(now.status).toBe("running");
  expect((await containers(session)).map(({ id }) => id)).toEqual([now.containerId]);
});

test("a worker that was taken for lost while it started comes back late: the other one's session goes on", async () => {
  const session = await makeSession(profileId);
  const late = interrupted(async () => {
    await moveSession(session.id, "queued", { workerId: null });
    await start(session, other);
  });
  await start(session, worker, late);
  const now = await getSession(session.id);
  expect(now).toMatchObject({ status: "running", failure: null });
  expect((await containers(session)).map(({ id, running }) => [id, running])).toEqual([
    [now.containerId, true],
  ]);
});

test("late, before it has a container: it doesn't replace the other one's", async () => {
  const session = await makeSession(profileId);
  const late: Engine = {
    ...engine,
    createContainer: async (plan) => {
      await moveSession(session.id, "queued", { workerId: null });
      await start(session, other);
      return engine.createContainer(plan);
    },
  };
  await start(session, worker, late);
  const now = await getSession(session.id);
  expect(now).toMatchObject({ status: "running", failure: null });
  expect((await containers(session)).map(({ id, running }) => [id, running])).toEqual([
    [now.containerId, true],
  ]);
});

test("late, and its own start fails: that is not the session's failure", async () => {
  const session = await makeSession(profileId);
  const late: Engine = {
    ...engine,
    start: async (container) => {
      await moveSession(session.id, "queued", { workerId: null });
      await start(session, other);
      await engine.removeContainer(container);
      await engine.start(container);
    },
  };
  await start(session, worker, late);
  expect(await getSession(session.id)).toMatchObject({ status: "running", failure: null });
});

test("one that the engine can't start says what to do, in Kiln's words", async () => {
  const { profile, snapshot } = await publishReady(worker, { user: "ghost" });
  const { Id } = await docker.getImage(BUSYBOX).inspect();
  await db().$executeRaw`UPDATE snapshots SET image_id = ${Id} WHERE id = ${snapshot.id}::uuid`;
  const session = await makeSession(profile.id);
  await start(session, worker);
  expect(await getSession(session.id)).toMatchObject({
    status: "failed",
    failure: {
      code: "start_failed",
      message:
        "The image has no user “ghost”. Add it in the setup script or choose another user, then publish the profile.",
    },
  });
  expect(await containers(session)).toEqual([]);
});

test.for([
  { what: "stopped", move: stopSession, status: "stopping" },
  { what: "deleted", move: deleteSession, status: "deleted" },
])("$what while it starts: no container stays", async ({ move, status }) => {
  const session = await makeSession(profileId);
  await start(
    session,
    worker,
    interrupted(() => move(operator, session.id)),
  );
  expect(await db().session.findUniqueOrThrow({ where: { id: session.id } })).toMatchObject({ status });
  expect(await containers(session)).toEqual([]);
  await start(session, worker);
  if (status === "stopping") expect(await getSession(session.id)).toMatchObject({ status: "stopped" });
});

test("an engine that is away when one is resumed costs none of its files: it is stopped still, and says why", async () => {
  const session = await makeSession(profileId);
  await start(session, worker);
  await stopSession(operator, session.id);
  await start(session, worker);
  const { containerId } = await getSession(session.id);
  await resumeSession(operator, session.id);
  const away = new EngineError("unavailable", "The container engine can't be reached.");
  // It was started, and only the answer was lost.
  await start(session, worker, {
    ...engine,
    start: (container) => engine.start(container).then(() => Promise.reject(away)),
  });
  expect((await containers(session)).map(({ running }) => running)).toEqual([false]);
  expect(await getSession(session.id)).toMatchObject({
    ...{ status: "stopped", containerId, failure: null },
    notice:
      "It couldn't be resumed: The container engine can't be reached. Its files are kept: resume it again.",
  });
  await resumeSession(operator, session.id);
  await start(session, worker);
  expect(await getSession(session.id)).toMatchObject({ status: "running", containerId, notice: null });
});

test("a stop that is delivered twice, and late once: who was taken up again in between goes on", async () => {
  const session = await makeSession(profileId);
  await stopSession(operator, session.id);
  const late: Engine = {
    ...engine,
    listContainers: async (installation) => {
      await start(session, other);
      await resumeSession(operator, session.id);
      await start(session, other);
      return engine.listContainers(installation);
    },
  };
  await start(session, worker, late);
  const now = await getSession(session.id);
  expect(now).toMatchObject({ status: "running", failure: null });
  expect((await containers(session)).map(({ id, running }) => [id, running])).toEqual([
    [now.containerId, true],
  ]);
});

test("while one delivery stops it another one doesn't, so it can't be resumed into a stop", async () => {
  const session = await makeSession(profileId);
  await start(session, worker);
  await stopSession(operator, session.id);
  const refused: string[] = [];
  await start(session, worker, {
    ...engine,
    stop: async (container, seconds) => {
      await start(session, other);
      refused.push(await codeOf(resumeSession(operator, session.id)));
      await start(session, other);
      await engine.stop(container, seconds);
    },
  });
  expect(refused).toEqual(["not_stopped"]);
  expect(await getSession(session.id)).toMatchObject({ status: "stopped", failure: null });
  await resumeSession(operator, session.id);
  await start(session, worker);
  expect((await containers(session)).map(({ running }) => running)).toEqual([true]);

  // What couldn't be stopped is tried again at once, and what was lost on the way after a while.
  await stopSession(operator, session.id);
  const away = new EngineError("unavailable", "The container engine can't be reached.");
  await expect(start(session, worker, { ...engine, stop: () => Promise.reject(away) })).rejects.toBe(away);
  await db()
    .$executeRaw`UPDATE sessions SET stop_claimed_until = now() + interval '1 minute' WHERE id = ${session.id}::uuid AND stop_claimed_until IS NULL`;
  await start(session, other);
  expect(await getSession(session.id)).toMatchObject({ status: "stopping" });
  await db().$executeRaw`UPDATE sessions SET stop_claimed_until = now() - interval '1 second'`;
  await start(session, other);
  expect(await getSession(session.id)).toMatchObject({ status: "stopped" });
});

test("a stop during a move waits for its end, so it can't be resumed into what the move stops", async () => {
  const session = await makeSession(profileId);
  await start(session, worker);
  const { containerId } = await getSession(session.id);
  const target = await publishReady(worker);
  await db()
    .$executeRaw`UPDATE snapshots n SET image_id = o.image_id FROM sessions s JOIN snapshots o ON o.id = s.snapshot_id WHERE n.id = ${target.snapshot.id}::uuid AND s.id = ${session.id}::uuid`;
  await db()
    .$executeRaw`UPDATE sessions SET persistent = true, status = 'resuming', moving_to_id = ${target.snapshot.id}::uuid WHERE id = ${session.id}::uuid`;
  const refused: string[] = [];
  await start(session, worker, {
    ...engine,
    stop: async (container, seconds) => {
      if (refused.length === 0) {
        await stopSession(operator, session.id);
        await start(session, other);
        refused.push(await codeOf(resumeSession(operator, session.id)));
      }
      await engine.stop(container, seconds);
    },
  });
  expect(refused).toEqual(["not_stopped"]);
  expect(await getSession(session.id)).toMatchObject({ status: "stopped", containerId, failure: null });
  expect((await containers(session)).map(({ id, running }) => [id, running])).toEqual([[containerId, false]]);
  await resumeSession(operator, session.id);
  await start(session, worker);
  expect((await containers(session)).map(({ id, running }) => [id, running])).toEqual([[containerId, true]]);
});

test("the database restarts while it starts: it runs", async () => {
  const session = await makeSession(profileId);
  await start(
    session,
    worker,
    interrupted(() => faults.cut()),
  );
  const now = await getSession(session.id);
  expect(now.status).toBe("running");
  expect(await engine.isRunning(now.containerId!)).toBe(true);
});

test("the database restarts while a command runs: its answer arrives", async () => {
  const session = await makeSession(profileId);
  await start(session, worker);
  const asked = execInSession(operator, session.id, { command: ["echo", "answer"], timeoutSeconds: 20 });
  const { id } = await until("the command's row", () =>
    db().sandboxCommand.findFirst({ where: { sessionId: session.id } }),
  );
  const restarting: Engine = {
    ...engine,
    exec: async (container, request) => {
      const answer = await engine.exec(container, request);
      await faults.cut();
      return answer;
    },
  };
  await handleCommand(id, restarting);
  expect(await db().sandboxCommand.findUniqueOrThrow({ where: { id } })).toMatchObject({
    status: "done",
    exitCode: 0,
  });
  await asked.catch((error: unknown) => expect(isDatabaseAway(error)).toBe(true));
});

test("a start that was lost on its way in a worker that lives is taken up again", async () => {
  const session = await makeSession(profileId);
  // The claim was made, and nobody is at it: the answer to it was lost.
  await moveSession(session.id, "starting", { workerId: worker.id });
  // However long ago this file began: nobody beats for it here.
  await db().$executeRaw`UPDATE workers SET seen_at = now() WHERE id = ${worker.id}::uuid`;
  await resendWaitingSessions(worker.hostId, { workerId: worker.id, starting: new Set([session.id]) });
  expect(await getSession(session.id)).toMatchObject({ status: "starting" });
  await resendWaitingSessions(worker.hostId, { workerId: worker.id, starting: new Set() });
  expect(await getSession(session.id)).toMatchObject({ status: "queued" });
  await start(session, worker);
  expect(await getSession(session.id)).toMatchObject({ status: "running" });
});

test("one that can't be started again is stopped with its files, and keeps nobody from being looked after", async () => {
  const [broken, expired] = [await makeSession(profileId), await makeSession(profileId)];
  for (const session of [broken, expired]) await start(session, worker);
  const { containerId } = await getSession(broken.id);
  // What a container runs first is gone from it, and then it ends: anybody may do that who may run commands.
  const command = ["sh", "-c", "rm /bin/sh; kill 1"];
  const request = { command, timeoutSeconds: 20, maxBytes: 100, user: "root", workdir: "/" };
  await engine.exec(containerId!, request);
  await until("it to end", async () => !(await engine.isRunning(containerId!)));
  await db()
    .$executeRaw`UPDATE sessions SET started_at = now() - interval '2 minutes', created_at = now() - interval '2 minutes'`;
  await db().$executeRaw`UPDATE sessions SET expires_at = now() WHERE id = ${expired.id}::uuid`;
  await tendSessions(worker, engine, new Set());
  expect(await getSession(expired.id)).toMatchObject({ status: "stopping" });
  expect((await getSession(broken.id)).notice).toMatch(
    /^Its sandbox had ended, and couldn’t be started again: (?!OCI|failed to create)[^.]*\/bin\/sh[^.]*\. Its files are kept/,
  );
  for (const session of [broken, expired]) await start(session, worker);
  expect(await getSession(broken.id)).toMatchObject({ status: "stopped", containerId });
  expect(await getSession(expired.id)).toMatchObject({ status: "expired" });
  for (const session of [broken, expired]) {
    await deleteSession(operator, session.id);
    await start(session, worker);
  }
});
