/** Pools without an engine: who gets what, how many there are, and when they go. */

import { randomUUID } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { beforeEach, describe, expect, it } from "vitest";

import { db } from "@/lib/db/client.server";
import { registerWorker } from "@/lib/hosts/store.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { createSession } from "@/lib/sessions/create.server";
import { deleteSession } from "@/lib/sessions/delete.server";
import { listHostSessions, moveSession, readSessionPlan } from "@/lib/sessions/progress.server";
import { getSession } from "@/lib/sessions/store.server";
import { retire } from "@/lib/snapshots/retention.server";
import { endTerminal, mayStart, noteShell } from "@/lib/terminals/store.server";
import { readValue } from "@/lib/value/value.server";
import { setPersistence } from "@/lib/volumes/allow.server";
import { claimBuild, claimRefresh, finishReady, publishReady } from "@/prisma/factories/builds";
import { sessionJobsOf } from "@/prisma/factories/jobs";
import { operator } from "@/prisma/factories/people";
import { fillPools } from "@/prisma/factories/pool";
import { type Published, publishNext } from "@/prisma/factories/profiles";
import { startSessionElsewhere } from "@/prisma/factories/start-session-elsewhere";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { hasPools, listWaiting, recordChecked, recordUse, retireDead } from "./check.server";
import { addWarm, failWarm, readyWarm } from "./refill.server";
import { forgetOver, forgetRetired, listRetiring, retireUseless } from "./retire.server";
import { recordGiven, startNormally } from "./settle.server";
import { readPool, readWarmNeeds } from "./store.server";

useSuiteDatabase();
// A host of its own for each test: a pool is a host's.
let worker: TestWorker;
let published: Published;
let profile: string;
beforeEach(async () => {
  worker = await makeSessionWorker();
  published = await publishReady(worker);
  profile = published.profile.id;
});

const want = (poolSize: number) => updateProfile(operator, profile, { poolSize });
const start = (more: { version?: number; persistent?: boolean } = {}) =>
  createSession(operator, { profile, env: {}, ...more });
const rows = () => db().warmSandbox.findMany({ where: { profileId: profile }, orderBy: { id: "asc" } });
const statuses = async () => (await rows()).map(({ status }) => status);
const none: ReadonlySet<string> = new Set();

describe("a claim", () => {
  it("ten at once on a pool of three: three get one each, and seven start normally", async () => {
    await want(3);
    const warm = await fillPools(worker);
    expect(warm).toHaveLength(3);
    const sessions = await Promise.all(Array.from({ length: 10 }, () => start()));
    const running = sessions.filter(({ status }) => status === "running");
    expect(running.map(({ containerId }) => containerId).toSorted()).toEqual(
      warm.map(({ containerId }) => containerId).toSorted(),
    );
    expect(running.every(({ fromPool, startedAt }) => fromPool && startedAt !== null)).toBe(true);
    const others = sessions.filter(({ status }) => status !== "running");
    expect(others).toHaveLength(7);
    for (const one of others)
      expect(one).toMatchObject({ status: "queued", containerId: null, fromPool: false, startedAt: null });
    // The row and the session name each other.
    for (const { sessionId, containerId, status } of await rows()) {
      expect(status).toBe("claimed");
      expect(await getSession(sessionId ?? "")).toMatchObject({ containerId });
    }
    for (const { id } of sessions) expect(await sessionJobsOf(worker.hostId, id)).toHaveLength(1);
  });

  it("isn't passed by what a worker writes down of it meanwhile", async () => {
    await want(1);
    const [warm] = await fillPools(worker);
    await db().$transaction(async (tx) => {
      await tx.$executeRaw`UPDATE warm_looks SET checked_at = now(), memory_bytes = 1 WHERE id = ${warm!.id}::uuid`;
      expect(await start()).toMatchObject({ status: "running", fromPool: true });
    });
  });

  it("and the session's time go by the database's clock, wherever the web's own stands", async () => {
    await want(2);
    await fillPools(worker);
    await updateProfile(operator, profile, { sessionIdleMinutes: 5 });
    const sessions = await Promise.all([-600, 600].map((minutes) => startSessionElsewhere(profile, minutes)));
    expect(
      (await listHostSessions(worker.hostId)).map(({ idleMinutes, expired }) => ({ idleMinutes, expired })),
    ).toEqual(sessions.map(() => ({ idleMinutes: null, expired: false })));
    for (const { startedAt, createdAt, expiresAt } of sessions) {
      expect(Math.abs(Date.parse(startedAt ?? "") - Date.now())).toBeLessThan(60_000);
      expect(Math.abs(Date.parse(createdAt) - Date.now())).toBeLessThan(60_000);
      expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(published.profile.sessionHours * 3_600_000);
    }
    expect((await readValue(profile)).startMs?.p95).toBeLessThan(1_000);
  });

  it("counts as a start, and as a short one", async () => {
    await want(1);
    await fillPools(worker);
    await start();
    const { starts, startMs } = await readValue(profile);
    expect(starts).toBe(1);
    expect(startMs?.median).toBeLessThan(1_000);
  });

  it("takes none of another snapshot or version, and none for a persistent session", async () => {
    await want(2);
    await fillPools(worker);
    const next = await publishNext(profile, { persistentPaths: ["/kept"] });
    await finishReady(await claimBuild(next.snapshot.id, worker));
    expect(await start()).toMatchObject({ version: 2, status: "queued", fromPool: false });
    await setPersistence(operator, { allowed: true });
    await retireUseless(worker, none);
    await fillPools(worker);
    expect(await start({ persistent: true })).toMatchObject({ status: "queued", fromPool: false });
    expect(await start({ version: 1 })).toMatchObject({ version: 1, status: "queued" });
    expect(await start()).toMatchObject({ version: 2, status: "running", fromPool: true });
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      "nobody has seen for a while",
      () => db().$executeRaw`UPDATE warm_looks SET checked_at = now() - interval '1 minute'`,
    ],
    [
      "whose host has no worker that lives",
      () =>
        db()
          .$executeRaw`UPDATE workers SET seen_at = now() - interval '5 minutes' WHERE id = ${worker.id}::uuid`,
    ],
    [
      "whose engine doesn't answer",
      () =>
        db()
          .$executeRaw`UPDATE hosts SET engine_error = 'away', engine_away_since = now() WHERE id = ${worker.hostId}::uuid`,
    ],
  ])("takes none that %s", async (_, make) => {
    await want(1);
    await fillPools(worker);
    expect(await readPool(profile)).toMatchObject({ size: 1, ready: 1 });
    await make();
    expect(await readPool(profile)).toMatchObject({ ready: 0 });
    expect(await start()).toMatchObject({ status: "queued", fromPool: false });
    expect(await statuses()).toEqual(["ready"]);
  });
});

describe("a sandbox that was taken", () => {
  const taken = async () => {
    await want(1);
    await fillPools(worker);
    const { id, containerId } = await start();
    return { id, containerId: containerId ?? "" };
  };

  it("is looked at once, and is its session's from then on", async () => {
    const { id, containerId } = await taken();
    expect(await readSessionPlan(id)).toMatchObject({ untried: true, containerId });
    expect(await listHostSessions(worker.hostId)).toMatchObject([{ id, untried: true }]);
    expect(await recordGiven(id)).toBe(true);
    expect(await recordGiven(id)).toBe(false);
    expect(await readSessionPlan(id)).toMatchObject({ untried: false });
    expect(await startNormally(id, containerId)).toBe(false);
    expect([...(await readWarmNeeds(worker.hostId)).values()]).toEqual([{ containerId, useless: null }]);
    await deleteSession(operator, id);
    expect([...(await readWarmNeeds(worker.hostId)).values()]).toEqual([
      { containerId, useless: "its session is over" },
    ]);
    await forgetOver(worker.hostId);
    expect(await rows()).toEqual([]);
  });

  it("and was dead: the session starts normally, once, and its start is measured then", async () => {
    const { id, containerId } = await taken();
    const both = await Promise.all([startNormally(id, containerId), startNormally(id, containerId)]);
    expect(both.toSorted()).toEqual([false, true]);
    expect(await getSession(id)).toMatchObject({
      ...{ status: "queued", containerId: null, fromPool: false, startedAt: null },
    });
    expect(await statuses()).toEqual(["retiring"]);
    expect(await sessionJobsOf(worker.hostId, id)).toHaveLength(2);
    expect((await readValue(profile)).starts).toBe(0);
  });

  it("and somebody's page has asked for a terminal already: it is no use of it before a shell runs", async () => {
    const open = async (session: string) => {
      const id = uuidv7();
      await db().$executeRaw`
        INSERT INTO terminals (id, session_id, worker_id, created_by) VALUES (${id}::uuid, ${session}::uuid, ${worker.id}::uuid, 'x')`;
      expect(await mayStart(id, worker.id)).toBe(true);
      return id;
    };
    const asked = await taken();
    await endTerminal(await open(asked.id));
    expect(await startNormally(asked.id, asked.containerId)).toBe(true);
    const used = await taken();
    await noteShell(await open(used.id));
    expect(await startNormally(used.id, used.containerId)).toBe(false);
  });

  it("and was used, stopped or resumed since isn't exchanged without a word", async () => {
    const used = await taken();
    await db().sandboxCommand.create({
      data: { sessionId: used.id, command: ["true"], timeoutSeconds: 1, status: "done", requestedBy: "x" },
    });
    expect(await startNormally(used.id, used.containerId)).toBe(false);
    await fillPools(worker);
    const stopped = await taken();
    for (const to of ["stopping", "stopped"] as const) await moveSession(stopped.id, to);
    expect(await startNormally(stopped.id, stopped.containerId)).toBe(false);
    for (const to of ["resuming", "running"] as const) await moveSession(stopped.id, to);
    expect(await startNormally(stopped.id, stopped.containerId)).toBe(false);
  });
});

describe("a refill", () => {
  it("of two workers at once makes as many as are wanted, and one more for each that is taken", async () => {
    const second = { ...(await makeWorker()), hostId: worker.hostId };
    await want(3);
    const added = await Promise.all(
      Array.from({ length: 12 }, (_, n) => addWarm(n % 2 === 0 ? worker : second)),
    );
    expect(added.filter((one) => one !== null)).toHaveLength(3);
    expect(await readPool(profile)).toMatchObject({ size: 3, ready: 0, starting: 3, note: null });
    for (const one of added) if (one) await readyWarm(one, worker.id, one.id);
    // Only the worker that makes it can say that it is ready.
    const itsOwn = added.filter((one, n) => one !== null && n % 2 === 0);
    expect((await statuses()).filter((status) => status === "ready")).toHaveLength(itsOwn.length);
    for (const one of added) if (one) await readyWarm(one, second.id, one.id);
    await start();
    expect(await fillPools(worker)).toHaveLength(1);
  });

  it("rests after a failure, longer after each, and not for another snapshot", async () => {
    await want(2);
    const rests = async () => {
      const [row] = await db().$queryRaw<Array<{ seconds: number }>>`
        SELECT extract(epoch FROM retry_at - now())::float8 AS seconds FROM warm_pool_failures WHERE profile_id = ${profile}::uuid`;
      return row?.seconds ?? 0;
    };
    const over = () => db().$executeRaw`UPDATE warm_pool_failures SET retry_at = now() - interval '1 second'`;
    const first = await addWarm(worker);
    await failWarm(first!, "no shell");
    expect(await rests()).toBeCloseTo(10, 0);
    expect(await addWarm(worker)).toBeNull();
    expect((await readPool(profile)).note).toBe("The last start failed: no shell.");
    await over();
    // One at a time until one is up.
    const second = await addWarm(worker);
    expect(second).not.toBeNull();
    expect(await addWarm(worker)).toBeNull();
    await failWarm(second!, "no shell");
    expect(await rests()).toBeCloseTo(20, 0);
    for (let n = 0; n < 40; n += 1) {
      await over();
      await failWarm((await addWarm(worker))!, "no shell");
    }
    expect(await rests()).toBeCloseTo(600, 0);
    // An engine that is away isn't the pool's fault.
    await over();
    await failWarm((await addWarm(worker))!, null);
    expect(await addWarm(worker)).not.toBeNull();
    await finishReady(await claimRefresh(published, worker));
    expect(await fillPools(worker)).toHaveLength(2);
  });

  it("one that ends soon after its start counts as a failure; one that ran for long doesn't", async () => {
    await want(1);
    const [old] = await fillPools(worker);
    await db()
      .$executeRaw`UPDATE warm_sandboxes SET ready_at = now() - interval '1 hour' WHERE id = ${old!.id}::uuid`;
    await retireDead([old!.id]);
    const [young] = await fillPools(worker);
    await retireDead([young!.id]);
    expect(await fillPools(worker)).toEqual([]);
    await db().$executeRaw`UPDATE warm_pool_failures SET retry_at = now() - interval '1 hour'`;
    const [next] = await fillPools(worker);
    await recordChecked([next!.id]);
    expect(await db().warmPoolFailure.count({ where: { profileId: profile } })).toBe(1);
    await db()
      .$executeRaw`UPDATE warm_sandboxes SET ready_at = now() - interval '2 minutes' WHERE id = ${next!.id}::uuid`;
    await recordChecked([next!.id]);
    expect(await db().warmPoolFailure.count({ where: { profileId: profile } })).toBe(0);
  });
});

describe("what goes", () => {
  const left = async () => {
    await retireUseless(worker, none);
    return (await statuses()).filter((status) => status !== "retiring").length;
  };

  it("those beyond what is wanted, a starting one first; all of them at zero", async () => {
    await want(3);
    await fillPools(worker);
    await want(4);
    const starting = await addWarm(worker);
    await want(3);
    await retireUseless(worker, new Set([starting!.id]));
    expect((await statuses()).toSorted()).toEqual(["ready", "ready", "ready", "retiring"]);
    expect(await readyWarm(starting!, worker.id, "late")).toBe(false);
    await want(1);
    expect(await left()).toBe(1);
    await want(0);
    expect(await left()).toBe(0);
    const retiring = await listRetiring(worker.hostId);
    expect(retiring).toHaveLength(4);
    await forgetRetired(retiring);
    await forgetOver(worker.hostId);
    expect(await rows()).toEqual([]);
    expect(await hasPools(worker.hostId)).toBe(false);
  });

  it("those of a snapshot that serves no more; its image is kept until they are gone", async () => {
    await want(2);
    await fillPools(worker);
    await finishReady(await claimRefresh(published, worker));
    expect(await retire(published.snapshot.id, 1)).toBe(false);
    expect(await left()).toBe(0);
    expect(await retire(published.snapshot.id, 1)).toBe(false);
    expect(await fillPools(worker)).toHaveLength(2);
    await forgetRetired(await listRetiring(worker.hostId));
    expect(await retire(published.snapshot.id, 1)).toBe(true);
    expect(await readPool(profile)).toMatchObject({ ready: 2, snapshot: { number: 2, version: 1 } });
  });

  it.each<[string, RegExp, () => Promise<unknown>]>([
    ["an archived profile", /archived/, () => updateProfile(operator, profile, { archived: true })],
    [
      "a host whose disk is full",
      /nearly full/,
      () => db().$executeRaw`UPDATE hosts SET disk_low_since = now() WHERE id = ${worker.hostId}::uuid`,
    ],
    [
      "a profile that nothing serves any more",
      /No version can start sessions yet/,
      () =>
        db().$executeRaw`UPDATE versions SET serving_snapshot_id = NULL WHERE profile_id = ${profile}::uuid`,
    ],
  ])("those of %s, and no more come", async (_, words, make) => {
    await want(2);
    await fillPools(worker);
    await make();
    expect(await left()).toBe(0);
    expect(await addWarm(worker)).toBeNull();
    const { note, ready, starting } = await readPool(profile);
    expect([ready, starting]).toEqual([0, 0]);
    expect(note).toMatch(words);
  });

  it("one that a lost worker was starting, and one whose answer was lost in a worker that lives", async () => {
    const lost = { ...(await makeWorker()), hostId: worker.hostId };
    await want(2);
    await addWarm(lost);
    const own = await addWarm(worker);
    await retireUseless(worker, new Set([own!.id]));
    expect(await statuses()).toEqual(["starting", "starting"]);
    await db().$executeRaw`UPDATE workers SET status = 'stopped' WHERE id = ${lost.id}::uuid`;
    await retireUseless(worker, new Set([own!.id]));
    expect((await statuses()).toSorted()).toEqual(["retiring", "starting"]);
    await retireUseless(worker, none);
    expect(await statuses()).toEqual(["retiring", "retiring"]);
  });

  it("those of a time when containers ran with something else: none of them is given to a session", async () => {
    await want(2);
    await fillPools(worker);
    const { engineId, name } = await db().host.findUniqueOrThrow({ where: { id: worker.hostId } });
    const engine = { id: engineId, name, version: "test", dataRoot: "" };
    const workerId = randomUUID();
    await registerWorker(engine, "newer", { id: workerId, containerRuntime: "runsc" });
    expect(await start()).toMatchObject({ status: "queued", fromPool: false });
    expect(await left()).toBe(0);
    expect(await addWarm(worker)).toBeNull();
    const newer = { ...worker, id: workerId };
    expect(await fillPools(newer)).toHaveLength(2);
    expect(await start()).toMatchObject({ status: "running" });
  });

  it("never what a session has taken", async () => {
    await want(1);
    await fillPools(worker);
    const { id } = await start();
    await want(0);
    expect(await left()).toBe(1);
    await retireDead((await rows()).map((row) => row.id));
    await recordGiven(id);
    await forgetOver(worker.hostId);
    expect(await statuses()).toEqual(["given"]);
  });

  it("rows of a host that is gone for good, and not of one that is away for a moment", async () => {
    await want(1);
    await fillPools(worker);
    const other = await makeWorker();
    const seen = (ago: string) =>
      db().$executeRaw`UPDATE workers SET seen_at = now() - ${ago}::interval WHERE id = ${worker.id}::uuid`;
    await seen("10 minutes");
    await forgetOver(other.hostId);
    expect(await rows()).toHaveLength(1);
    await seen("2 hours");
    await forgetOver(other.hostId);
    expect(await rows()).toEqual([]);
  });
});

it("what waiting costs is summed up, and the processors are those since the measurement before", async () => {
  await want(2);
  const [one, two] = await fillPools(worker);
  expect((await readPool(profile)).use).toBeNull();
  expect((await listWaiting(worker.hostId)).every(({ dueMeasure }) => dueMeasure)).toBe(true);
  const use = (id: string, cpuSeconds: number) => ({ id, memoryBytes: 1_000_000, cpuSeconds });
  await recordUse([use(one!.id, 10), use(two!.id, 20)]);
  await db().$executeRaw`UPDATE warm_looks SET measured_at = now() - interval '10 seconds'`;
  await recordUse([use(one!.id, 11), use(two!.id, 24)]);
  const pool = await readPool(profile);
  expect(pool.use?.memoryBytes).toBe(2_000_000);
  expect(pool.use?.cpus).toBeCloseTo(0.5, 1);
  expect(pool.limits).toEqual({ memoryMb: expect.any(Number), cpus: expect.any(Number) });
  expect((await listWaiting(worker.hostId)).some(({ dueMeasure }) => dueMeasure)).toBe(false);
});
