/** A session's start whose image is gone (F20): onto what serves now, to its host, or nowhere. */
import { beforeAll, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { listReadyImages, loseImages } from "@/lib/snapshots/lose-images.server";
import { retire } from "@/lib/snapshots/retention.server";
import { claimRefresh, finishReady, publishReady } from "@/prisma/factories/builds";
import { operator } from "@/prisma/factories/people";
import type { Published } from "@/prisma/factories/profiles";
import { makeSession } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { moveSession } from "./progress.server";
import { reseatSession } from "./reseat.server";
import { stopSession } from "./stop.server";
import { getSession } from "./store.server";
import type { SessionWire } from "./wire";

useSuiteDatabase();
let worker: TestWorker;
let elsewhere: TestWorker;
beforeAll(async () => {
  worker = await makeSessionWorker();
  elsewhere = await makeSessionWorker();
});

/** A session that is being started from a snapshot of `lost`, when all of that one's images go, or the newest does. */
async function starting(
  published: Published,
  lost: TestWorker,
  which: "all" | "newest" = "all",
): Promise<SessionWire> {
  const session = await makeSession(published.profile.id);
  await moveSession(session.id, "starting", { workerId: lost.id });
  const { version } = published;
  const images = await listReadyImages(lost.hostId, version.id);
  await loseImages(lost.hostId, version.id, which === "all" ? images : images.slice(-1));
  return session;
}

it("on another host its worker starts it, and the notice says why", async () => {
  const published = await publishReady(elsewhere);
  await finishReady(await claimRefresh(published, worker));
  const session = await starting(published, worker);
  expect(await reseatSession(session, worker)).toEqual({ kind: "moved", hostId: elsewhere.hostId });
  const now = await getSession(session.id);
  expect(now).toMatchObject({ status: "queued", snapshotNumber: 1 });
  expect(now.notice).toMatch(/^Started from #1: the image of #2 is gone from host-.+\.$/);
  const row = await db().session.findUniqueOrThrow({ where: { id: session.id } });
  expect(row).toMatchObject({ hostId: elsewhere.hostId, workerId: null });
});

it("asked once more, as when the answer was lost, it says that it is done", async () => {
  for (const to of [worker, elsewhere]) {
    const published = await publishReady(to);
    await finishReady(await claimRefresh(published, worker));
    const session = await starting(published, worker, "newest");
    const seats = [await reseatSession(session, worker), await reseatSession(session, worker)];
    expect(seats).toEqual(Array(2).fill({ kind: "moved", hostId: to.hostId }));
    expect(await getSession(session.id)).toMatchObject({ snapshotNumber: 1, failure: null });
  }
  const published = await publishReady(worker);
  await finishReady(await claimRefresh(published, worker));
  const session = await starting(published, worker, "newest");
  await reseatSession(session, worker);
  await stopSession(operator, session.id);
  expect(await reseatSession(session, worker)).toEqual({ kind: "not_ours" });
});

it("without a snapshot that serves it is told which one to wait for, and stays as it is", async () => {
  const session = await starting(await publishReady(worker), worker);
  const seat = await reseatSession(session, worker);
  expect(seat).toMatchObject({ kind: "nothing" });
  expect(seat.kind === "nothing" && seat.message).toMatch(/A new snapshot, #2, is being prepared\./);
  expect(await getSession(session.id)).toMatchObject({ status: "starting", snapshotNumber: 1 });
});

it("one that was stopped meanwhile, or is another worker's by now, isn't touched", async () => {
  for (const change of [
    (id: string) => stopSession(operator, id),
    (id: string) => moveSession(id, "queued", { workerId: null }),
  ]) {
    const published = await publishReady(elsewhere);
    await finishReady(await claimRefresh(published, worker));
    const session = await starting(published, worker);
    await change(session.id);
    expect(await reseatSession(session, worker)).toEqual({ kind: "not_ours" });
    expect(await getSession(session.id)).toMatchObject({ snapshotNumber: 2, notice: null });
  }
});

it("what it moves onto can't be retired at the same instant", async () => {
  for (let round = 0; round < 8; round += 1) {
    const published = await publishReady(worker);
    const first = published.snapshot.id;
    await finishReady(await claimRefresh(published, worker));
    const session = await makeSession(published.profile.id);
    await moveSession(session.id, "starting", { workerId: worker.id });
    const [, second] = await listReadyImages(worker.hostId, published.version.id);
    await loseImages(worker.hostId, published.version.id, [second!]);
    const [seat, retired] = await Promise.all([reseatSession(session, worker), retire(first, 1)]);
    expect([seat.kind, retired]).toEqual(["moved", false]);
  }
});
