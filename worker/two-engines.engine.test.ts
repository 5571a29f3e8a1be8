/** Two engines, a worker each, one database: what of one is the other's business, and what never is. */
import { mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { listHosts } from "@/lib/hosts/store.server";
import { readPool } from "@/lib/pool/store.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { createSession } from "@/lib/sessions/create.server";
import { execInSession } from "@/lib/sessions/exec.server";
import { getSession } from "@/lib/sessions/store.server";
import { refreshVersion } from "@/lib/snapshots/request.server";
import { serveSnapshot } from "@/lib/snapshots/serve.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { docker } from "@/worker/containers/docker/testing/engine";
import {
  canStartEngines,
  type SecondEngine,
  startSecondEngine,
} from "@/worker/containers/docker/testing/second-engine";
import { ended, logged, operator, publish, refresh, storedLines } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import type { WorkerProcess } from "@/worker/testing/worker-process";

/** They say when they have swept. */
const sweeping = { KILN_SWEEP_SECONDS: "1", KILN_LOG_LEVEL: "debug" };

describe.runIf(canStartEngines())("two engines", () => {
  let kiln: TestKiln;
  let second: SecondEngine;
  /** Where the second engine's worker looks for it: another engine may be put there. */
  let folder: string;
  let socket: string;
  beforeAll(async () => {
    kiln = await startKiln();
    second = await startSecondEngine();
    folder = await mkdtemp(path.join(tmpdir(), "kiln-two-"));
    socket = path.join(folder, "socket");
    await pointTo(second.dockerHost);
  });
  afterAll(async () => {
    await Promise.all(kiln.workers.map((worker) => worker.kill()));
    await second.remove();
    await kiln.cleanUp();
    await rm(folder, { recursive: true });
  });

  const pointTo = async (dockerHost: string) => {
    await symlink(dockerHost.replace("unix://", ""), `${socket}.new`);
    await rename(`${socket}.new`, socket);
  };
  const onFirst = () => kiln.startWorker(sweeping);
  const onSecond = () => kiln.startWorker({ ...sweeping, DOCKER_HOST: `unix://${socket}` });
  const hostOf = async (worker: WorkerProcess) =>
    (await db().worker.findFirstOrThrow({ where: { name: worker.name } })).hostId;
  /** Before what has to be built on one of the two: else the faster worker has it. */
  const endAll = () => Promise.all(kiln.workers.map((worker) => worker.kill()));
  /** What time does to a host whose last worker is gone. */
  const forget = (hostId: string) =>
    db().$transaction([
      db()
        .$executeRaw`UPDATE snapshots SET lease_until = now() - interval '1 hour' WHERE host_id = ${hostId}::uuid AND status = 'running'`,
      db()
        .$executeRaw`UPDATE workers SET seen_at = now() - interval '1 hour' WHERE host_id = ${hostId}::uuid`,
    ]);
  /** Each of the workers has looked at its own engine from beginning to end since. */
  const sweptBy = async (...workers: WorkerProcess[]) => {
    const swept = ({ lines }: WorkerProcess) =>
      lines.filter(({ msg, due }) => msg === "swept" && due === true).length;
    const before = workers.map(swept);
    // The first of two may have been on its way.
    await until("two sweeps of each", () =>
      workers.every((worker, index) => swept(worker) >= (before[index] ?? 0) + 2),
    );
  };
  const onEngine = async (engine: typeof docker, owner: string) => {
    const filters = { label: [`dev.kiln.owner=${owner}`] };
    const [containers, images] = await Promise.all([
      engine.listContainers({ all: true, filters }),
      engine.listImages({ all: true, filters }),
    ]);
    return { containers: containers.length, images: images.map(({ Id }) => Id) };
  };
  const startSession = (profile: string) =>
    createSession(operator, { profile, env: {}, secrets: [], wait: "running" });
  const answers = async (id: string) =>
    (await execInSession(operator, id, { command: ["echo", "here"], timeoutSeconds: 10 })).stdout;

  test("one's builds that it never comes back for begin again on the other, without anything of the first", async () => {
    const first = await onSecond();
    const lost = await hostOf(first);
    const running = await publish({
      setupScript: "## step: One\necho one > /one; echo one\n## step: Two\ncat /one; echo two; sleep 3\n",
    });
    await logged(running.snapshotId, "two");
    expect((await onEngine(second.docker, running.snapshotId)).images.length).toBeGreaterThan(0);
    await first.kill();
    const queued = await publish({ setupScript: "echo queued" });
    const other = await onFirst();
    expect(await ended(queued.snapshotId)).toMatchObject({ status: "ready", attempt: 1, worker: other.name });
    // Somebody may still come back for what runs.
    expect(await getSnapshot(running.snapshotId)).toMatchObject({ status: "running", attempt: 1 });
    await forget(lost);
    const end = await ended(running.snapshotId);
    expect(end).toMatchObject({ status: "ready", attempt: 2, serving: true, worker: other.name });
    const texts = (await storedLines(running.snapshotId)).filter(({ stream }) => stream !== "stderr");
    const at = texts.findIndex(({ text }) =>
      /^──── Attempt 1 was lost: the host .* Starting again/.test(text),
    );
    const said = (lines: typeof texts) =>
      lines.filter(({ stream }) => stream === "stdout").map(({ text }) => text);
    expect(said(texts.slice(0, at))).toEqual(["one", "one", "two"]);
    expect(said(texts.slice(at))).toEqual(["one", "one", "two"]);
    expect(texts.slice(at).some(({ text }) => text.includes("is used again"))).toBe(false);
    expect((await onEngine(docker, running.snapshotId)).images).toContain(end.image!.id);

    // It comes back after all: what it has of that build is nobody's, and what the other one made stays.
    const back = await onSecond();
    expect(await hostOf(back)).toBe(lost);
    await until("the first one's containers to go", async () => {
      const left = await onEngine(second.docker, running.snapshotId);
      return left.containers === 0;
    });
    await sweptBy(back, other);
    expect((await onEngine(docker, running.snapshotId)).images).toContain(end.image!.id);
    expect(await getSnapshot(running.snapshotId)).toMatchObject({ status: "ready", serving: true });
  });

  test("each serves what it has: sessions, sweeps and a rollback keep to the engine that has the image", async () => {
    await endAll();
    const there = await onSecond();
    const { slug, snapshotId: one } = await publish({ setupScript: "true" });
    expect(await ended(one)).toMatchObject({ status: "ready", worker: there.name });
    const early = await startSession(slug);
    expect(early.status).toBe("running");
    await there.kill();
    const here = await onFirst();
    const two = await refresh(slug);
    expect(await ended(two)).toMatchObject({ status: "ready", serving: true, worker: here.name });
    const late = await startSession(slug);
    expect(late.status).toBe("running");
    // An image that is on an engine without a worker isn't lost.
    await sweptBy(here);
    expect(await getSnapshot(one)).toMatchObject({ status: "ready" });
    expect(await getSession(early.id)).toMatchObject({ status: "running", failure: null });

    // Back to the snapshot of the engine that has no worker now: a session waits for one.
    await serveSnapshot(operator, one, "The older one");
    const waiting = await createSession(operator, { profile: slug, env: {}, secrets: [] });
    await sweptBy(here);
    expect(await getSession(waiting.id)).toMatchObject({ status: "queued", failure: null });
    const back = await onSecond();
    await until("it to run", async () => (await getSession(waiting.id)).status === "running");
    await sweptBy(here, back);
    for (const { id } of [early, late, waiting]) expect(await answers(id), id).toBe("here\n");
    const containers = async (engine: typeof docker, id: string) => (await onEngine(engine, id)).containers;
    for (const [engine, id] of [
      [second.docker, early.id],
      [second.docker, waiting.id],
      [docker, late.id],
    ] as const)
      expect(await containers(engine, id)).toBe(1);
    expect(await containers(docker, waiting.id)).toBe(0);
    for (const id of [one, two]) expect(await getSnapshot(id)).toMatchObject({ status: "ready" });
  });

  /** A profile whose image only the second engine has, and what to run on top of it. */
  const maintainedOnSecond = async () => {
    const there = await onSecond();
    const { slug, snapshotId } = await publish({
      setupScript: "echo base > /base",
      maintenanceScript: "cat /base",
    });
    await ended(snapshotId);
    return { there, slug };
  };

  test("an incremental refresh waits for the engine that has its image, and says so", async () => {
    await endAll();
    const { there, slug } = await maintainedOnSecond();
    const place = await hostOf(there);
    const host = (await listHosts()).find(({ id }) => id === place)!;
    await there.kill();
    await onFirst();
    const { snapshot } = await refreshVersion(operator, {
      profile: slug,
      version: 1,
      trigger: "manual",
      mode: "incremental",
    });
    await until("the reason to wait", async () => (await getSnapshot(snapshot.id)).waitingReason !== null);
    expect((await getSnapshot(snapshot.id)).waitingReason).toBe(
      `Waiting for a worker of ${host.name}, which has the image that this snapshot starts from. Cancel it and refresh in full to build on another host.`,
    );
    await onSecond();
    expect(await ended(snapshot.id)).toMatchObject({ status: "ready", attempt: 1, waitingReason: null });
  });

  test("an incremental refresh that the other engine's worker is given first doesn't wait for the queue to bring it again", async () => {
    await endAll();
    const { there, slug } = await maintainedOnSecond();
    const here = await onFirst();
    const waits = [];
    // Either may be given it: some of them to the wrong one.
    for (let round = 0; round < 6; round += 1) {
      const { snapshot } = await refreshVersion(operator, {
        profile: slug,
        version: 1,
        trigger: "manual",
        mode: "incremental",
      });
      const end = await ended(snapshot.id);
      expect(end).toMatchObject({ status: "ready", attempt: 1, worker: there.name, waitingReason: null });
      waits.push(Date.parse(end.startedAt ?? "") - Date.parse(end.queuedAt));
    }
    expect(Math.max(...waits), `${waits}`).toBeLessThan(3_000);
    expect(here.running).toBe(true);
  });

  test("another engine at the address of a worker: nothing is lost, nothing of the other is swept, and the host says why", async () => {
    await endAll();
    const there = await onSecond();
    const { slug, snapshotId } = await publish({ setupScript: "true" });
    await ended(snapshotId);
    const mine = await startSession(slug);
    await updateProfile(operator, slug, { poolSize: 1 });
    await until("its pool to be full", async () => (await readPool(slug)).ready === 1);
    await there.kill();
    const here = await onFirst();
    const other = await publish({ setupScript: "true" });
    await ended(other.snapshotId);
    const theirs = await startSession(other.slug);
    const back = await onSecond();
    const hostId = await hostOf(back);
    await sweptBy(back, here);

    await pointTo(process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock");
    const sick = await until("its host to be unhealthy", async () =>
      (await listHosts()).find(({ id, health }) => id === hostId && health.status === "unhealthy"),
    );
    expect(sick.health.error).toMatch(/^Another container engine \(.+\) answers at this address\. /);
    const looked = back.lines.length;
    await until("it to have looked again", () =>
      back.lines.slice(looked).some(({ msg }) => msg.startsWith("a sweep failed")),
    );
    const queued = await publish({ setupScript: "echo elsewhere" });
    expect(await ended(queued.snapshotId)).toMatchObject({ status: "ready", attempt: 1, worker: here.name });
    await sweptBy(here);
    expect(await getSnapshot(snapshotId)).toMatchObject({ status: "ready", serving: true });
    expect(await getSession(mine.id)).toMatchObject({ status: "running", failure: null });
    expect(await db().warmSandbox.findMany({ where: { hostId } })).toMatchObject([{ status: "ready" }]);
    expect(await answers(theirs.id)).toBe("here\n");

    await pointTo(second.dockerHost);
    await until("its host to be well", async () =>
      (await listHosts()).some(({ id, health }) => id === hostId && health.status === "healthy"),
    );
    expect(await answers(mine.id)).toBe("here\n");
  });

  test("an engine that says it is one that has a worker already is refused: copies of a machine share an identity", async () => {
    await endAll();
    const here = await onFirst();
    const twin = await startSecondEngine({ copied: true });
    try {
      const refused = await kiln.startWorker({ DOCKER_HOST: twin.dockerHost }).catch(String);
      expect(refused).toContain("has the same identity as that of");
      const workers = await db().worker.findMany({
        where: { hostId: await hostOf(here), status: "running" },
      });
      expect(
        workers.filter(({ name }) => name !== here.name && !kiln.workers.some((one) => one.name === name)),
      ).toEqual([]);
    } finally {
      await twin.remove();
    }
  });
});
