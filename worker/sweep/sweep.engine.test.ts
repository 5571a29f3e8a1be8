/** What a sweep removes, and above all what it doesn't (I8, F20, F21). */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { deleteSession } from "@/lib/sessions/delete.server";
import { getSession } from "@/lib/sessions/store.server";
import { systemActor } from "@/lib/users/roles";
import { claimBuild, claimRefresh, finishReady, publishReady } from "@/prisma/factories/builds";
import { publishProfile } from "@/prisma/factories/profiles";
import { makeSession } from "@/prisma/factories/sessions";
import { makeSessionWorker, makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { captureComment } from "@/worker/build-snapshot/plan";
import { toLabels } from "@/worker/containers/docker/labels";
import { BUSYBOX, docker, testInstallation } from "@/worker/containers/docker/testing/engine";
import { type Engine, EngineError, type Ownership } from "@/worker/containers/types";
import { handleSession } from "@/worker/sessions/start";
import { containersOf, imagesOf, startKiln, type TestKiln, volumesOf } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import { previewSweep, sweep, sweepNow } from "./sweep";

const { engine, plan, run, cleanUp: removeForeign, installation: foreign } = testInstallation();
let kiln: TestKiln;
let worker: TestWorker;
/** An exited container, of another installation, to capture images from. */
let source: string;
const nothing = new Set<string>();

beforeAll(async () => {
  kiln = await startKiln();
  worker = await makeWorker(await engine.identify());
  source = (await run()).id;
});
afterAll(async () => {
  await kiln.cleanUp();
  await removeForeign();
});

const ours = (changes: Partial<Ownership>): Ownership => ({
  installation: kiln.installation,
  kind: "build",
  owner: randomUUID(),
  ...changes,
});

/** A running container of the given owner. */
async function running(
  ownership: Ownership,
  changes: { image?: string; name?: string } = {},
): Promise<string> {
  const id = await engine.createContainer(
    plan({ command: ["sleep", "1000"], volatilePaths: ["/scratch"], ownership, ...changes }),
  );
  await engine.start(id);
  return id;
}

/** An image as a build captures it. */
async function captured(ownership: Ownership): Promise<string> {
  const { id } = await engine.capture(source, {
    reference: `kiln/test-sweep:${randomUUID()}`,
    base: { command: null, entrypoint: null, user: "" },
    ownership,
    comment: captureComment(1),
  });
  return id;
}

const isThere = (container: string) =>
  docker
    .getContainer(container)
    .inspect()
    .then(
      () => true,
      () => false,
    );
const hasImage = (image: string) =>
  docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );

test("a worker's first act: leftovers of every kind go, with their volumes; other people's things stay", async () => {
  const leftovers = [
    await running(ours({ kind: "build", fence: 1, worker: randomUUID() })),
    await running(ours({ kind: "check", fence: 2, worker: randomUUID() })),
    await running(ours({ kind: "session" })),
    // Made, and its worker was killed before the start.
    await engine.createContainer(
      plan({ ownership: ours({ fence: 1, worker: worker.id }), volatilePaths: ["/run/kiln"] }),
    ),
    // Without a claim nobody can hold it.
    await running(ours({ kind: "build" })),
  ];
  const others = [
    await running({
      installation: foreign,
      kind: "build",
      owner: randomUUID(),
      fence: 1,
      worker: randomUUID(),
    }),
    await running({ installation: foreign, kind: "session", owner: randomUUID() }),
  ];
  const unlabelled = await docker.createContainer({
    Image: BUSYBOX,
    Cmd: ["sleep", "1000"],
    name: `kiln-build-${randomUUID()}-1`,
  });
  await unlabelled.start();
  // Somebody's `docker run` of a snapshot: the image hands our labels down.
  const published = await publishReady(worker);
  const image = await captured(ours({ kind: "snapshot", owner: published.snapshot.id }));
  await db().$executeRaw`UPDATE snapshots SET image_id = ${image} WHERE id = ${published.snapshot.id}::uuid`;
  const byHand = await docker.createContainer({ Image: image, Entrypoint: ["sleep", "1000"] });
  await byHand.start();
  try {
    expect(await volumesOf(kiln.installation)).not.toEqual([]);
    const process = await kiln.startWorker();
    await until(
      "the leftovers to be gone",
      async () => !(await Promise.all(leftovers.map(isThere))).includes(true),
    );
    await until("their volumes to be gone", async () => (await volumesOf(kiln.installation)).length === 0);
    // Killed in the middle it would hold the host until its lease is over.
    await until(
      "its sweep to be over",
      async () => (await db().host.count({ where: { sweepBy: { not: null } } })) === 0,
    );
    expect(
      await Promise.all([...others, unlabelled.id, byHand.id].map((id) => engine.isRunning(id))),
    ).toEqual(Array(4).fill(true));
    expect(await hasImage(image)).toBe(true);
    await process.kill();
  } finally {
    await unlabelled.remove({ force: true });
    await byHand.remove({ force: true });
  }
});

test("the container of a build that is held stays; that of its lost attempt goes", async () => {
  const { snapshot } = await publishProfile();
  const { claim } = await claimBuild(snapshot.id, worker);
  const held = await running(ours({ owner: snapshot.id, fence: claim.fence, worker: worker.id }));
  const check = await running(
    ours({ kind: "check", owner: snapshot.id, fence: claim.fence, worker: worker.id }),
  );
  const older = await running(ours({ owner: snapshot.id, fence: claim.fence - 1, worker: worker.id }));
  const another = await running(ours({ owner: snapshot.id, fence: claim.fence, worker: randomUUID() }));
  await sweep(worker, engine, nothing);
  expect(await Promise.all([held, check, older, another].map(isThere))).toEqual([true, true, false, false]);
  await db().$executeRaw`UPDATE snapshots SET status = 'failed' WHERE id = ${snapshot.id}::uuid`;
  await sweep(worker, engine, nothing);
  expect(await Promise.all([held, check].map(isThere))).toEqual([false, false]);
});

test("one that can't be removed doesn't keep the others, nor the images", async () => {
  const [stubborn, easy] = [
    await running(ours({ fence: 1, worker: worker.id })),
    await running(ours({ fence: 1, worker: worker.id })),
  ];
  const image = await captured(ours({ kind: "snapshot" }));
  const refusing: Engine = {
    ...engine,
    removeContainer: (id) =>
      id === stubborn
        ? Promise.reject(new EngineError("failed", "device or resource busy"))
        : engine.removeContainer(id),
  };
  await sweep(worker, refusing, nothing);
  expect(await Promise.all([isThere(stubborn), isThere(easy), hasImage(image)])).toEqual([
    true,
    false,
    false,
  ]);
  await sweep(worker, engine, nothing);
  expect(await isThere(stubborn)).toBe(false);
});

test("three sweeps at once do what one does", async () => {
  const leftovers = await Promise.all([1, 2, 3].map(() => running(ours({ fence: 1, worker: worker.id }))));
  await captured(ours({ kind: "snapshot" }));
  await Promise.all([1, 2, 3].map(() => sweep(worker, engine, nothing)));
  expect(await Promise.all(leftovers.map(isThere))).toEqual([false, false, false]);
});

test("a session that starts while the sweep looks isn't taken for one that is gone", async () => {
  const host = await makeSessionWorker();
  const published = await publishReady(host);
  const image = await captured(ours({ kind: "snapshot", owner: published.snapshot.id }));
  await db().$executeRaw`UPDATE snapshots SET image_id = ${image} WHERE id = ${published.snapshot.id}::uuid`;
  const session = await makeSession(published.profile.id);
  const overtaken: Engine = {
    ...engine,
    // Between the engine's list and the rows, a session is started.
    listContainers: async (installation) => {
      const list = await engine.listContainers(installation);
      await handleSession(session.id, host, engine, new Set());
      return list;
    },
  };
  await sweep(host, overtaken, nothing);
  const now = await getSession(session.id);
  expect(now).toMatchObject({ status: "running", failure: null });
  await sweep(host, engine, nothing);
  expect(await engine.isRunning(now.containerId!)).toBe(true);
  // A second one of the same session, which a lost worker left, goes.
  const double = await running(ours({ kind: "session", owner: session.id }));
  await sweep(host, engine, nothing);
  expect([await isThere(double), await engine.isRunning(now.containerId!)]).toEqual([false, true]);
});

test("a build that begins while the sweep looks keeps its container and its image", async () => {
  const { snapshot } = await publishProfile();
  const made: string[] = [];
  const overtaken: Engine = {
    ...engine,
    listContainers: async (installation) => {
      const { claim } = await claimBuild(snapshot.id, worker);
      made.push(await running(ours({ owner: snapshot.id, fence: claim.fence, worker: worker.id })));
      return engine.listContainers(installation);
    },
    listImages: async (installation) => {
      made.push(await captured(ours({ kind: "snapshot", owner: snapshot.id })));
      return engine.listImages(installation);
    },
  };
  await sweep(worker, overtaken, nothing);
  expect(await Promise.all([isThere(made[0]!), hasImage(made[1]!)])).toEqual([true, true]);
});

test("images that no snapshot names go; those that one needs stay", async () => {
  const served = await publishReady(worker);
  const owner = served.snapshot.id;
  const serving = await captured(ours({ kind: "snapshot", owner }));
  const orphan = await captured(ours({ kind: "snapshot", owner }));
  await db().$executeRaw`UPDATE snapshots SET image_id = ${serving} WHERE id = ${owner}::uuid`;
  const ended: Record<string, string> = {};
  for (const status of ["failed", "cancelled", "removed"] as const) {
    const { snapshot } = await publishProfile();
    ended[status] = await captured(ours({ kind: "snapshot", owner: snapshot.id }));
    await db().snapshot.update({ where: { id: snapshot.id }, data: { status, imageId: ended[status] } });
  }
  const queued = await captured(ours({ kind: "snapshot", owner: (await publishProfile()).snapshot.id }));
  const absent = await captured(ours({ kind: "snapshot" }));
  const kept = [serving, queued];
  await sweep(worker, engine, nothing);
  expect(await Promise.all(kept.map(hasImage))).toEqual([true, true]);
  expect(await Promise.all([orphan, absent, ...Object.values(ended)].map(hasImage))).toEqual(
    Array(5).fill(false),
  );
});

test("a look changes nothing and says what, why and how much; then that is what goes", async () => {
  const published = await publishReady(worker);
  const needed = await captured(ours({ kind: "snapshot", owner: published.snapshot.id }));
  await db().$executeRaw`UPDATE snapshots SET image_id = ${needed} WHERE id = ${published.snapshot.id}::uuid`;
  const image = await captured(ours({ kind: "snapshot" }));
  const container = await running(ours({ fence: 1, worker: worker.id }));
  const volume = `kiln-test-${randomUUID()}`;
  await docker.createVolume({ Name: volume, Labels: toLabels(ours({ fence: 1, worker: worker.id })) });
  const theirs = `kiln-test-${randomUUID()}`;
  await docker.createVolume({ Name: theirs, Labels: toLabels({ ...ours({}), installation: foreign }) });
  const planned = await previewSweep(worker, engine);
  expect(planned).toContainEqual(
    expect.objectContaining({
      kind: "container",
      id: container,
      reason: "no build runs in it",
      outcome: "would_remove",
    }),
  );
  expect(planned).toContainEqual(
    expect.objectContaining({
      kind: "image",
      id: image,
      reason: "no snapshot names it",
      exclusiveBytes: expect.any(Number),
    }),
  );
  expect(planned.map(({ id }) => id)).toContain(volume);
  expect(planned.map(({ id }) => id)).not.toContain(theirs);
  expect(planned.map(({ id }) => id)).not.toContain(needed);
  expect(await Promise.all([isThere(container), hasImage(image)])).toEqual([true, true]);
  const done = await sweepNow(worker, engine);
  expect(done?.map(({ id, outcome }) => [id, outcome]).toSorted()).toEqual(
    planned.map(({ id }) => [id, "removed"]).toSorted(),
  );
  expect(await Promise.all([isThere(container), hasImage(image), hasImage(needed)])).toEqual([
    false,
    false,
    true,
  ]);
  expect(await previewSweep(worker, engine)).toEqual([]);
  await docker.getVolume(theirs).remove();
});

test("what retention takes away loses its image; a session keeps its own", async () => {
  const host = await makeSessionWorker();
  const published = await publishReady(host);
  await updateProfile(systemActor, published.profile.id, { keepSnapshots: 1 });
  const images = new Map<number, string>();
  const give = async (id: string, number: number) => {
    images.set(number, await captured(ours({ kind: "snapshot", owner: id })));
    await db().$executeRaw`UPDATE snapshots SET image_id = ${images.get(number)} WHERE id = ${id}::uuid`;
  };
  await give(published.snapshot.id, 1);
  const session = await makeSession(published.profile.id);
  for (const number of [2, 3]) {
    const claimed = await claimRefresh(published, host);
    await finishReady(claimed);
    await give(claimed.claim.snapshotId, number);
  }
  const there = async () => Promise.all([1, 2, 3].map((number) => hasImage(images.get(number) ?? "")));
  expect((await previewSweep(host, engine)).map(({ id, reason }) => [id, reason.slice(0, 11)])).toEqual([
    [images.get(2), "snapshot #2"],
  ]);
  await sweepNow(host, engine);
  expect(await there()).toEqual([true, false, true]);
  await deleteSession(systemActor, session.id);
  await sweepNow(host, engine);
  expect(await there()).toEqual([false, false, true]);
});

test("the layers under an image stay as long as it does, and go with it", async () => {
  const { snapshot } = await publishReady(worker);
  const ownership = ours({ kind: "snapshot", owner: snapshot.id });
  const base = { command: null, entrypoint: null, user: "" };
  const layer = await engine.capture(source, {
    reference: null,
    base,
    ownership,
    comment: captureComment(1),
  });
  const container = await engine.createContainer(
    plan({ image: layer.id, command: ["true"], ownership: ours({}) }),
  );
  await engine.start(container);
  await engine.waitForExit(container, new AbortController().signal);
  const reference = `kiln/test-sweep:${randomUUID()}`;
  const image = await engine.capture(container, { reference, base, ownership, comment: captureComment(1) });
  await db().$executeRaw`UPDATE snapshots SET image_id = ${image.id} WHERE id = ${snapshot.id}::uuid`;
  await sweep(worker, engine, nothing);
  expect(await Promise.all([layer.id, image.id].map(hasImage))).toEqual([true, true]);
  await db().$executeRaw`UPDATE snapshots SET status = 'removed' WHERE id = ${snapshot.id}::uuid`;
  await sweep(worker, engine, nothing);
  expect(await Promise.all([layer.id, image.id].map(hasImage))).toEqual([false, false]);
});

test("images of others stay: another installation's, one made from ours, one that got a second name", async () => {
  const theirs = await captured({ installation: foreign, kind: "snapshot", owner: randomUUID() });
  // `docker commit` of a container that was started from a snapshot: our labels, but not our comment.
  const base = await captured(ours({ kind: "snapshot" }));
  const container = await docker.createContainer({ Image: base, Entrypoint: ["true"] });
  const derived = (await container.commit({ repo: "kiln-test/mine", tag: randomUUID() })) as { Id: string };
  await container.remove({ force: true });
  const named = await captured(ours({ kind: "snapshot" }));
  await docker.getImage(named).tag({ repo: "kiln-test/also-mine", tag: foreign });
  await sweep(worker, engine, nothing);
  // The one that somebody built on can't go either; nothing is forced.
  expect(await Promise.all([theirs, derived.Id, base, named].map(hasImage))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  await docker.getImage(derived.Id).remove();
  await docker.getImage(`kiln-test/also-mine:${foreign}`).remove();
  await sweep(worker, engine, nothing);
  expect(await Promise.all([base, named, theirs].map(hasImage))).toEqual([false, false, true]);
});

test("an image that a container uses goes when the container has gone", async () => {
  const image = await captured(ours({ kind: "snapshot" }));
  const container = await docker.createContainer({ Image: image, Entrypoint: ["true"] });
  await sweep(worker, engine, nothing);
  expect(await hasImage(image)).toBe(true);
  await container.remove();
  await sweep(worker, engine, nothing);
  expect(await hasImage(image)).toBe(false);
});

beforeEach(async () => {
  // Each test sees what it made.
  for (const { id } of await containersOf(kiln.installation))
    await docker.getContainer(id).remove({ force: true, v: true });
  for (const id of await imagesOf(kiln.installation)) await docker.getImage(id).remove({ force: true });
});
