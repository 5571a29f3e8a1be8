/** Images that are deleted behind Kiln's back (F20): found by a sweep and at a session's start; and what is not a loss. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getVersion } from "@/lib/profiles/store.server";
import { createSession } from "@/lib/sessions/create.server";
import { deleteSession } from "@/lib/sessions/delete.server";
import type { SessionWire } from "@/lib/sessions/wire";
import { listReadyImages } from "@/lib/snapshots/lose-images.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { createDockerEngine } from "@/worker/containers/docker";
import { docker } from "@/worker/containers/docker/testing/engine";
import { type Engine, EngineError } from "@/worker/containers/types";
import { built, ended, operator, refresh } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { settleLostImages } from "./lost-images";
import { sweepNow } from "./sweep";

const engine = createDockerEngine();
let kiln: TestKiln;
/** On the same host as the worker process. */
let sweeper: TestWorker;
beforeAll(async () => {
  kiln = await startKiln();
  sweeper = await makeWorker(await engine.identify());
  await kiln.startWorker();
});
afterAll(() => kiln.cleanUp());

const sweep = async () => expect(await sweepNow(sweeper, engine)).not.toBeNull();
const deleteImage = ({ image }: SnapshotWire) => docker.getImage(image!.id).remove({ force: true });
const version = (slug: string) => getVersion(slug, 1);
const start = (profile: string) => createSession(operator, { profile, version: 1, wait: "running", env: {} });
const end = (session: SessionWire) => deleteSession(operator, session.id);

/** Two ready snapshots of a version, the second of which serves. */
async function twice(): Promise<{ slug: string; first: SnapshotWire; second: SnapshotWire }> {
  const first = await built({ setupScript: "true" });
  return { slug: first.slug, first, second: await ended(await refresh(first.slug)) };
}

describe("a sweep", () => {
  test("finds it: the next older one serves, and starts", async () => {
    const { slug, first, second } = await twice();
    await deleteImage(second);
    await sweep();
    await sweep();
    const now = await version(slug);
    expect(now).toMatchObject({
      usable: true,
      servingSnapshot: { id: first.id },
      latestSnapshot: { id: second.id },
    });
    expect(now.latestSnapshot).toMatchObject({ status: "removed", image: null });
    expect(now.latestSnapshot!.lost!.message).toMatch(
      /^Image lost: it was deleted from .+\. #1 serves again\.$/,
    );
    const session = await start(slug);
    expect(session).toMatchObject({ status: "running", snapshotNumber: 1, notice: null });
    await end(session);
  });

  test("finds it, and none is left: a new one is queued, built and served", async () => {
    const only = await built({ setupScript: "true" });
    await deleteImage(only);
    await sweep();
    const { latestSnapshot } = await version(only.slug);
    expect(latestSnapshot).toMatchObject({ number: 2, trigger: "image_lost", requestedBy: "Kiln" });
    await ended(latestSnapshot!.id);
    expect(await version(only.slug)).toMatchObject({ usable: true, servingSnapshot: { number: 2 } });
  });

  test("takes neither a name that is gone, nor an engine without an answer, nor another one's, for a loss", async () => {
    // Never built before: a result that is used again has two names.
    const snapshot = await built({ setupScript: `# ${randomUUID()}` });
    const { id, reference } = snapshot.image!;
    const container = await docker.createContainer({
      Image: id,
      Entrypoint: ["sleep", "1000"],
      Labels: { "dev.kiln.installation": "" },
    });
    try {
      await container.start();
      // While a container runs from it only the name goes.
      await docker.getImage(reference).remove({ force: true });
      expect((await docker.getImage(id).inspect()).RepoTags).toEqual([]);
      await sweep();
      const unanswered: Engine = {
        ...engine,
        inspectImage: () => Promise.reject(new EngineError("unavailable", "no answer")),
      };
      const another: Engine = {
        ...engine,
        inspectImage: () => Promise.reject(new EngineError("not_found", "no such image")),
        identify: async () => ({ ...(await engine.identify()), id: "another" }),
      };
      await settleLostImages(sweeper, engine, []);
      await expect(settleLostImages(sweeper, unanswered, [])).rejects.toThrow("no answer");
      await settleLostImages(sweeper, another, []);
      expect(await getSnapshot(snapshot.id)).toMatchObject({ status: "ready", serving: true, lost: null });
      expect((await listReadyImages(sweeper.hostId)).map((one) => one.id)).toContain(snapshot.id);
      const session = await start(snapshot.slug);
      expect(session).toMatchObject({ status: "running", snapshotNumber: 1 });
      await end(session);
    } finally {
      await container.remove({ force: true });
    }
  });
});

describe("a session that is asked for before anybody knows", () => {
  test("starts from the older one, and says so; so do several at once", async () => {
    const { slug, second } = await twice();
    await deleteImage(second);
    const sessions = await Promise.all([start(slug), start(slug), start(slug)]);
    for (const session of sessions) {
      expect(session).toMatchObject({ status: "running", snapshotNumber: 1, failure: null });
      // One that was asked for after the first had found out started from #1 anyway.
      expect(session.notice ?? "").toMatch(/^(Started from #1: the image of #2 is gone from .+\.)?$/);
      await end(session);
    }
    expect(sessions.some(({ notice }) => notice !== null)).toBe(true);
    expect((await version(slug)).servingSnapshot?.number).toBe(1);
  });

  test("passes by an older one that is gone, too; without any it fails, and says what is being done", async () => {
    const { slug, first, second } = await twice();
    await deleteImage(second);
    await deleteImage(first);
    const session = await start(slug);
    expect(session).toMatchObject({ status: "failed", failure: { code: "snapshot_unavailable" } });
    expect(session.failure!.message).toMatch(
      /^The session couldn't start: the image of #2 is gone from .+\. A new snapshot, #3, is being prepared\. Start a session when it is ready\.$/,
    );
    const { latestSnapshot } = await version(slug);
    expect(latestSnapshot).toMatchObject({ number: 3, trigger: "image_lost" });
    await ended(latestSnapshot!.id);
    const again = await start(slug);
    expect(again).toMatchObject({ status: "running", snapshotNumber: 3 });
    await Promise.all([end(session), end(again)]);
  });
});
