import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import {
  claimBuild,
  claimRefresh,
  finishFailed,
  finishReady,
  publishReady,
  requestRefresh,
} from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { sessionJobsOf } from "@/prisma/factories/jobs";
import { operator } from "@/prisma/factories/people";
import { makeProfile, type Published, publishNext, publishProfile } from "@/prisma/factories/profiles";
import { makeRunningSession, makeSession, startSandbox } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { createSession } from "./create.server";
import { deleteSession } from "./delete.server";
import { readGiven } from "./environment.server";
import { extendSession } from "./extend.server";
import { listHostSessions, moveSession, readSessionPlan, resendWaitingSessions } from "./progress.server";
import { resumeSession } from "./resume.server";
import { canMove, type SessionStatus, sessionStatuses } from "./state";
import { stopSession } from "./stop.server";
import { getSession, listSessions } from "./store.server";

useSuiteDatabase();
let worker: TestWorker;
/** For tests that only need something to start from. */
let published: Published;
beforeAll(async () => {
  worker = await makeSessionWorker();
  published = await publishReady(worker);
});

const start = (profile: string, version?: number) => createSession(operator, { profile, version, env: {} });
const setStatus = (id: string, status: SessionStatus) =>
  db().$executeRaw`UPDATE sessions SET status = ${status}::"SessionStatus" WHERE id = ${id}::uuid`;

describe("starting a session", () => {
  it("takes a lifetime up to what the profile allows, and only secrets that there are", async () => {
    const { profile } = await publishReady(worker);
    await updateProfile(operator, profile.slug, { sessionHours: 2, sessionMaxHours: 5 });
    const hoursOf = async (hours?: number) => {
      const { expiresAt, createdAt } = await createSession(operator, {
        profile: profile.slug,
        env: {},
        hours,
      });
      return Math.round((Date.parse(expiresAt) - Date.parse(createdAt)) / 3_600_000);
    };
    expect(await hoursOf()).toBe(2);
    expect(await hoursOf(5)).toBe(5);
    await expect(hoursOf(6)).rejects.toMatchObject({
      code: "too_long",
      fields: [{ path: "hours", message: "Its profile lets a session live for 5 h at most." }],
    });
    const withSecret = createSession(operator, { profile: profile.slug, env: {}, secrets: ["NOT_THERE"] });
    await expect(withSecret).rejects.toMatchObject({
      code: "unknown_secret",
      fields: [{ path: "secrets.0", message: "There is no secret NOT_THERE." }],
    });
  });

  it("makes a row on the snapshot's host, with its job and its audit entry", async () => {
    const { profile, snapshot } = await publishReady(worker);
    const session = await createSession(operator, {
      profile: profile.slug,
      name: "mine",
      env: { TOKEN_NAME: "x" },
    });
    expect(session).toMatchObject({
      profileId: profile.id,
      profile: { slug: profile.slug },
      version: 1,
      snapshotId: snapshot.id,
      snapshotNumber: 1,
      status: "queued",
      name: "mine",
      createdBy: operator.name,
      containerId: null,
      startedAt: null,
      stoppedAt: null,
      failure: null,
    });
    // It is put together, not read again.
    expect(session).toStrictEqual(await getSession(session.id));
    expect(new Date(session.expiresAt).getTime() - new Date(session.createdAt).getTime()).toBeGreaterThan(
      7 * 3_600_000,
    );
    expect(await sessionJobsOf(worker.hostId, session.id)).toMatchObject([
      { state: "created", data: { sessionId: session.id } },
    ]);
    expect(await db().auditEntry.count({ where: { objectId: session.id, action: "session.create" } })).toBe(
      1,
    );
    expect(await readGiven(session.id)).toEqual({ env: { TOKEN_NAME: "x" }, secrets: [] });
    expect(await readSessionPlan(session.id)).toMatchObject({
      status: "queued",
      imageId: expect.stringMatching(/^sha256:/),
      containerId: null,
    });
  });

  it("names it after its profile when nobody does", async () => {
    const { profile } = await publishReady(worker);
    expect((await start(profile.id)).name).toMatch(new RegExp(`^${profile.slug}-[0-9a-f]{4}$`));
  });

  it("takes the newest usable version, or the one that is named", async () => {
    const { profile } = await publishReady(worker);
    const second = await publishNext(profile.id);
    expect((await start(profile.id)).version).toBe(1);
    await finishReady(await claimBuild(second.snapshot.id, worker));
    expect((await start(profile.id)).version).toBe(2);
    expect((await start(profile.id, 1)).version).toBe(1);
  });

  it("starts from what serves while a refresh runs, and after it failed (F27)", async () => {
    const published = await publishReady(worker);
    const claimed = await claimRefresh(published, worker);
    expect((await start(published.profile.id)).snapshotNumber).toBe(1);
    await finishFailed(claimed);
    expect((await start(published.profile.id)).snapshotNumber).toBe(1);
  });

  it("at the instant of a promotion starts from the old or the new one, never from none (F27)", async () => {
    const published = await publishReady(worker);
    for (let round = 2; round <= 8; round += 1) {
      const claimed = await claimRefresh(published, worker);
      const [sessions] = await Promise.all([
        Promise.all(Array.from({ length: 3 }, () => start(published.profile.id))),
        finishReady(claimed),
      ]);
      for (const { snapshotNumber } of sessions) expect([round - 1, round]).toContain(snapshotNumber);
    }
  });
});

describe("a version that isn't usable", () => {
  const refusal = async (profile: string, version?: number): Promise<string> => {
    try {
      await start(profile, version);
      return "started";
    } catch (error) {
      expect(error).toMatchObject({ status: 409, code: "version_not_usable" });
      return error instanceof Error ? error.message : "";
    }
  };

  it("says why: nothing was published", async () => {
    expect(await refusal((await makeProfile()).id)).toBe(
      "The profile has no published version. Publish its draft first.",
    );
  });

  it("says why: its snapshot is being prepared, failed, or was cancelled", async () => {
    const { profile, snapshot } = await publishProfile();
    expect(await refusal(profile.id)).toBe(
      "Version 1 can't start sessions: its snapshot #1 is still being prepared. Wait until it is ready.",
    );
    const claimed = await claimBuild(snapshot.id, worker);
    expect(await refusal(profile.id, 1)).toMatch(/#1 is still being prepared/);
    await finishFailed(claimed);
    expect(await refusal(profile.id)).toMatch(
      /^Version 1 can't start sessions: its snapshot #1 failed\. .*refresh\.$/,
    );
    const { snapshot: second } = await requestRefresh(profile.id);
    await cancelSnapshot(operator, second.id);
    expect(await refusal(profile.id)).toBe(
      "Version 1 can't start sessions: it has no ready snapshot. Refresh it.",
    );
  });

  it("is refused by its number though an older one is usable", async () => {
    const { profile } = await publishReady(worker);
    await publishNext(profile.id);
    expect(await refusal(profile.id, 2)).toMatch(/^Version 2 can't/);
    expect(await refusal(profile.id)).toBe("started");
  });

  it("isn't there", async () => {
    const { profile } = await publishReady(worker);
    expect(await codeOf(start(profile.id, 2))).toBe("not_found");
    expect(await codeOf(start("nobody"))).toBe("not_found");
  });
});

describe("waiting until it runs", () => {
  const createAndWait = async (profile: string) =>
    createSession(operator, { profile, wait: "running", env: {} });
  /** The session that a request has just made. */
  async function newest(profile: string): Promise<string> {
    for (;;) {
      const [session] = (await listSessions({ profile, limit: 1 })).items;
      if (session) return session.id;
    }
  }

  it("answers when it does", async () => {
    const { profile } = await publishReady(worker);
    const waiting = createAndWait(profile.id);
    const containerId = await startSandbox(await newest(profile.id), worker);
    expect(await waiting).toMatchObject({ status: "running", containerId, startedAt: expect.any(String) });
  });

  it("answers when it fails, with the reason", async () => {
    const { profile } = await publishReady(worker);
    const waiting = createAndWait(profile.id);
    const id = await newest(profile.id);
    await moveSession(id, "starting", { workerId: worker.id });
    await moveSession(id, "failed", { failure: { code: "start_failed", message: "No space." } });
    expect(await waiting).toMatchObject({
      status: "failed",
      failure: { code: "start_failed", message: "No space." },
    });
  });

  it("answers when it is stopped meanwhile", async () => {
    const { profile } = await publishReady(worker);
    const waiting = createAndWait(profile.id);
    await stopSession(operator, await newest(profile.id));
    expect((await waiting).status).toBe("stopping");
  });
});

describe("moves", () => {
  it("are those of the table, for every pair", async () => {
    const { profile } = await publishReady(worker);
    const { id } = await makeSession(profile.id);
    for (const from of sessionStatuses) {
      for (const to of sessionStatuses) {
        await setStatus(id, from);
        expect([from, to, await moveSession(id, to)]).toEqual([from, to, canMove(from, to)]);
      }
    }
  });

  it("by ten workers at once: one starts it", async () => {
    const { profile } = published;
    const { id } = await makeSession(profile.id);
    const moved = await Promise.all(
      Array.from({ length: 10 }, () => moveSession(id, "starting", { workerId: worker.id })),
    );
    expect(moved.filter(Boolean)).toHaveLength(1);
  });
});

describe("stopping", () => {
  it("asks the session's host, once", async () => {
    const { profile } = published;
    const session = await makeRunningSession(profile.id, worker);
    const before = (await sessionJobsOf(worker.hostId, session.id)).length;
    expect((await stopSession(operator, session.id)).status).toBe("stopping");
    expect((await stopSession(operator, session.id)).status).toBe("stopping");
    expect(await sessionJobsOf(worker.hostId, session.id)).toHaveLength(before + 1);
    await moveSession(session.id, "stopped");
    expect(await getSession(session.id)).toMatchObject({ status: "stopped", stoppedAt: expect.any(String) });
    expect(await codeOf(stopSession(operator, session.id))).toBe("not_running");
  });

  it("at the instant at which it starts: it stops all the same", async () => {
    const { profile } = published;
    for (let round = 0; round < 8; round += 1) {
      const session = await makeSession(profile.id);
      await moveSession(session.id, "starting", { workerId: worker.id });
      const [running] = await Promise.all([
        moveSession(session.id, "running", { containerId: `c${round}` }),
        stopSession(operator, session.id),
      ]);
      expect(await getSession(session.id)).toMatchObject({
        status: "stopping",
        containerId: running ? `c${round}` : null,
      });
    }
  });

  it.each(["failed", "stopped"] as const)("refuses what is %s", async (status) => {
    const { profile } = published;
    const { id } = await makeSession(profile.id);
    await setStatus(id, status);
    expect(await codeOf(stopSession(operator, id))).toBe("not_running");
  });

  it("refuses what isn't there", async () => {
    expect(await codeOf(stopSession(operator, "0193a1b2-0000-7000-8000-0123456789ab"))).toBe("not_found");
    expect(await codeOf(stopSession(operator, "nothing"))).toBe("not_found");
  });
});

describe("deleting", () => {
  it("makes it gone at once, and tells the host", async () => {
    const { profile } = await publishReady(worker);
    const session = await makeRunningSession(profile.id, worker);
    const before = (await sessionJobsOf(worker.hostId, session.id)).length;
    await deleteSession(operator, session.id);
    expect(await codeOf(getSession(session.id))).toBe("not_found");
    expect(await codeOf(deleteSession(operator, session.id))).toBe("not_found");
    expect((await listSessions({ profile: profile.id, limit: 10 })).items).toEqual([]);
    expect(await sessionJobsOf(worker.hostId, session.id)).toHaveLength(before + 1);
    expect(await moveSession(session.id, "stopped")).toBe(false);
  });

  it("twice at once is done once", async () => {
    const { profile } = published;
    const session = await makeRunningSession(profile.id, worker);
    await Promise.all([
      codeOf(deleteSession(operator, session.id)),
      codeOf(deleteSession(operator, session.id)),
    ]);
    expect(await db().auditEntry.count({ where: { objectId: session.id, action: "session.delete" } })).toBe(
      1,
    );
  });
});

describe("resuming", () => {
  it("asks the session's host, once, and gives it a new life", async () => {
    const session = await makeRunningSession(published.profile.id, worker);
    await stopSession(operator, session.id);
    expect(await codeOf(resumeSession(operator, session.id))).toBe("not_stopped");
    await moveSession(session.id, "stopped");
    await db()
      .$executeRaw`UPDATE sessions SET expires_at = now() - interval '1 day' WHERE id = ${session.id}::uuid`;
    const before = (await sessionJobsOf(worker.hostId, session.id)).length;
    const all = await Promise.all(Array.from({ length: 5 }, () => resumeSession(operator, session.id)));
    expect(all.map(({ status }) => status)).toEqual(Array(5).fill("resuming"));
    expect(await sessionJobsOf(worker.hostId, session.id)).toHaveLength(before + 1);
    expect(Date.parse(all[0]?.expiresAt ?? "")).toBeGreaterThan(Date.now() + 7 * 3_600_000);
    expect(await getSession(session.id)).toMatchObject({ stoppedAt: null, keptUntil: null, notice: null });
  });

  it.each(["failed", "deleted"] as const)("refuses what is %s", async (status) => {
    const { id } = await makeSession(published.profile.id);
    await setStatus(id, status);
    expect(await codeOf(resumeSession(operator, id))).toBe(
      status === "deleted" ? "not_found" : "not_stopped",
    );
  });

  it("refuses what an archived profile has left", async () => {
    const { profile } = await publishReady(worker);
    const { id } = await makeSession(profile.id);
    await setStatus(id, "stopped");
    await updateProfile(operator, profile.id, { archived: true });
    expect(await codeOf(resumeSession(operator, id))).toBe("profile_archived");
  });
});

describe("keeping it longer", () => {
  it("adds hours up to what the profile allows, and then says so", async () => {
    const { profile } = await publishReady(worker);
    await updateProfile(operator, profile.id, { sessionHours: 2, sessionMaxHours: 4 });
    const session = await makeRunningSession(profile.id, worker);
    const hours = (at: string) => Math.round((Date.parse(at) - Date.now()) / 3_600_000);
    expect(hours(session.expiresAt)).toBe(2);
    expect(hours((await extendSession(operator, session.id, 1)).expiresAt)).toBe(3);
    expect(hours((await extendSession(operator, session.id, 24)).expiresAt)).toBe(4);
    expect(await codeOf(extendSession(operator, session.id, 1))).toBe("lifetime_reached");
    await setStatus(session.id, "stopped");
    expect(await codeOf(extendSession(operator, session.id, 1))).toBe("not_running");
  });

  it("by several at once loses none of it", async () => {
    const session = await makeRunningSession(published.profile.id, worker);
    await Promise.all(Array.from({ length: 4 }, () => extendSession(operator, session.id, 1)));
    const { expiresAt } = await getSession(session.id);
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 3_600_000)).toBe(12);
  });
});

describe("one without commands", () => {
  it("is told to be idle by its profile's minutes; a command that runs, or has just ended, keeps it", async () => {
    const { profile } = await publishReady(worker);
    const session = await makeRunningSession(profile.id, worker);
    const idle = async () =>
      (await listHostSessions(worker.hostId)).find(({ id }) => id === session.id)?.idleMinutes;
    const started = () =>
      db()
        .$executeRaw`UPDATE sessions SET started_at = now() - interval '20 minutes' WHERE id = ${session.id}::uuid`;
    await started();
    expect(await idle()).toBeNull();
    await updateProfile(operator, profile.id, { sessionIdleMinutes: 15 });
    expect(await idle()).toBe(15);
    const command = await db().sandboxCommand.create({
      data: { sessionId: session.id, command: ["true"], timeoutSeconds: 5, requestedBy: "Olga" },
    });
    expect(await idle()).toBeNull();
    const end = (minutes: number) =>
      db().$executeRaw`
        UPDATE session_commands SET status = 'done', finished_at = now() - make_interval(mins => ${minutes}::int) WHERE id = ${command.id}::uuid`;
    await end(14);
    expect(await idle()).toBeNull();
    await end(16);
    expect(await idle()).toBe(15);
  });
});

describe("what a host still has to do", () => {
  const age = (id: string) =>
    db().$executeRaw`UPDATE sessions SET created_at = now() - interval '1 minute' WHERE id = ${id}::uuid`;

  it("is sent once more: what waits, and what a dead worker was starting", async () => {
    const { profile } = published;
    const [waiting, orphaned, living, young] = await Promise.all([
      makeSession(profile.id),
      makeSession(profile.id),
      makeSession(profile.id),
      makeSession(profile.id),
    ]);
    const dead = await makeWorker();
    await db()
      .$executeRaw`UPDATE workers SET seen_at = now() - interval '1 minute' WHERE id = ${dead.id}::uuid`;
    // However long ago this file began.
    await db().$executeRaw`UPDATE workers SET seen_at = now() WHERE id = ${worker.id}::uuid`;
    await moveSession(orphaned.id, "starting", { workerId: dead.id });
    await moveSession(living.id, "starting", { workerId: worker.id });
    for (const { id } of [waiting, orphaned, living]) await age(id);
    await resendWaitingSessions(worker.hostId, { workerId: worker.id, starting: new Set([living.id]) });
    const jobs = await Promise.all(
      [waiting, orphaned, living, young].map(
        async ({ id }) => (await sessionJobsOf(worker.hostId, id)).length,
      ),
    );
    expect(jobs).toEqual([2, 2, 1, 1]);
    expect((await getSession(orphaned.id)).status).toBe("queued");
    expect((await getSession(living.id)).status).toBe("starting");
  });

  it("lists what isn't over, and what is due to end by the database's clock", async () => {
    const { profile } = published;
    const [running, due, over] = await Promise.all([
      makeRunningSession(profile.id, worker),
      makeRunningSession(profile.id, worker),
      makeRunningSession(profile.id, worker),
    ]);
    await db()
      .$executeRaw`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = ${due.id}::uuid`;
    await moveSession(over.id, "failed");
    const listed = new Map((await listHostSessions(worker.hostId)).map((session) => [session.id, session]));
    expect(listed.get(running.id)).toMatchObject({
      status: "running",
      expired: false,
      containerId: expect.any(String),
    });
    expect(listed.get(due.id)).toMatchObject({ expired: true });
    expect(listed.has(over.id)).toBe(false);
  });
});

describe("the list", () => {
  it("is newest first, page by page, by profile", async () => {
    const { profile } = await publishReady(worker);
    const made = [];
    for (let i = 0; i < 5; i += 1) made.push((await makeSession(profile.id)).id);
    const first = await listSessions({ profile: profile.slug, limit: 3 });
    const second = await listSessions({ profile: profile.id, limit: 3, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made.toReversed());
    expect(second.nextCursor).toBeNull();
  });
});
