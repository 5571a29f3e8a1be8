/** Cancelling at every moment of a build's life (F08): how fast, and what is left. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import {
  built,
  ended,
  inStep,
  logged,
  operator,
  publish,
  refresh,
  storedLines,
} from "@/worker/testing/builds";
import { containersOf, imagesOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  // With the beat that production has: nothing here may wait for one.
  await kiln.startWorker({ KILN_WORKER_CONCURRENCY: "2", KILN_LEASE_SECONDS: "30", KILN_BEAT_MS: "5000" });
});
afterAll(() => kiln.cleanUp());

const withContainer = (snapshotId: string) =>
  until("a running container", async () =>
    (await containersOf(kiln.installation, snapshotId)).some(({ running }) => running),
  );

/** Cancels; the seconds until its container was gone and until its row said so. */
async function cancelAndWatch(snapshotId: string): Promise<{ gone: number; told: number }> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  await cancelSnapshot(operator, snapshotId);
  await until(
    "the container to be gone",
    async () => (await containersOf(kiln.installation, snapshotId)).length === 0,
  );
  const gone = seconds();
  await ended(snapshotId);
  return { gone, told: seconds() };
}

describe("a running script", () => {
  test.for([
    { what: "that sleeps", script: "sleep 1000" },
    { what: "that ignores TERM", script: "trap '' TERM INT HUP; while :; do sleep 1; done" },
    {
      what: "that forked daemons",
      script: "setsid sleep 1000 & (sleep 1000 &) ; (setsid sh -c 'while :; do sleep 1; done' &) ; wait",
    },
    { what: "that prints as fast as it can", script: "yes cancelled yet" },
  ])("$what: its container is gone within five seconds", async ({ script }) => {
    const { snapshotId } = await publish({ setupScript: `echo started\n${script}` });
    await logged(snapshotId, "started");
    const { gone, told } = await cancelAndWatch(snapshotId);
    expect(gone).toBeLessThan(5);
    expect(told).toBeLessThan(6);
    const snapshot = await ended(snapshotId);
    expect(snapshot).toMatchObject({
      status: "cancelled",
      failure: null,
      image: null,
      cancelRequestedBy: operator.name,
    });
    expect(snapshot.steps.map(({ status }) => status)).toEqual([
      "done",
      "done",
      "failed",
      "skipped",
      "skipped",
      "skipped",
    ]);
    expect((await storedLines(snapshotId)).at(-1)?.text).toBe(`Cancelled by ${operator.name}`);
  });
});

test("a check that runs: container and image go", async () => {
  const { snapshotId } = await publish({ setupScript: "true", check: "echo checking; sleep 1000" });
  await logged(snapshotId, "checking");
  expect(await imagesOf(kiln.installation, snapshotId)).toHaveLength(1);
  const { gone } = await cancelAndWatch(snapshotId);
  expect(gone).toBeLessThan(5);
  expect(await ended(snapshotId)).toMatchObject({ status: "cancelled", image: null });
  await until(
    "the image to be gone",
    async () => (await imagesOf(kiln.installation, snapshotId)).length === 0,
  );
});

test("while it is captured: the image is deleted", async () => {
  // Enough files for the capture to take a while.
  const script = "mkdir /many; cd /many; seq 1 5000 | xargs touch";
  const { snapshotId } = await publish({ setupScript: script });
  await inStep(snapshotId, "capture");
  await cancelSnapshot(operator, snapshotId);
  expect(await ended(snapshotId)).toMatchObject({ status: "cancelled", image: null, serving: false });
  await until("nothing to be left", async () => {
    const images = await imagesOf(kiln.installation, snapshotId);
    return images.length === 0 && (await containersOf(kiln.installation, snapshotId)).length === 0;
  });
});

test("queued: it ends at once and never runs", async () => {
  const blocking = await Promise.all([
    publish({ setupScript: "sleep 1000" }),
    publish({ setupScript: "sleep 1000" }),
  ]);
  await Promise.all(blocking.map(({ snapshotId }) => withContainer(snapshotId)));
  const { snapshotId } = await publish({ setupScript: "echo never" });
  const started = performance.now();
  expect(await cancelSnapshot(operator, snapshotId)).toMatchObject({ status: "cancelled" });
  expect(performance.now() - started).toBeLessThan(1000);
  await Promise.all(blocking.map(({ snapshotId }) => cancelAndWatch(snapshotId)));
  // Its job is delivered once there is room, and goes away.
  const after = await built({ setupScript: "echo after" });
  expect(after.status).toBe("ready");
  expect(await ended(snapshotId)).toMatchObject({ status: "cancelled", attempt: 0, startedAt: null });
  expect(await containersOf(kiln.installation, snapshotId)).toEqual([]);
});

test("the moment it is picked up", async () => {
  for (let tries = 0; tries < 3; tries += 1) {
    const { snapshotId } = await publish({ setupScript: "sleep 1000" });
    await until("it to be picked up", () =>
      db().snapshot.findFirst({ where: { id: snapshotId, status: "running" } }),
    );
    const { gone, told } = await cancelAndWatch(snapshotId);
    expect(Math.max(gone, told)).toBeLessThan(5);
    expect(await ended(snapshotId)).toMatchObject({ status: "cancelled", image: null });
  }
});

test("at the instant of its success: one of the two, never cancelled and serving", async () => {
  const first = await built({ setupScript: "true" });
  let serving = first.id;
  for (let tries = 0; tries < 6; tries += 1) {
    const snapshotId = await refresh(first.slug);
    await inStep(snapshotId, tries % 2 === 0 ? "promote" : "check");
    const started = performance.now();
    const cancelled = await cancelSnapshot(operator, snapshotId).then(
      () => true,
      (error: { code?: string }) => {
        expect(error.code).toBe("already_ended");
        return false;
      },
    );
    const end = await ended(snapshotId);
    expect((performance.now() - started) / 1000).toBeLessThan(5);
    // Who was told "cancelled" gets that.
    expect(end.status).toBe(cancelled ? "cancelled" : "ready");
    if (end.status === "ready") serving = snapshotId;
    else
      await until(
        "its image to be gone",
        async () => (await imagesOf(kiln.installation, snapshotId)).length === 0,
      );
    const version = await db().version.findFirstOrThrow({
      where: { profile: { slug: first.slug } },
      include: { servingSnapshot: true },
    });
    expect(version.servingSnapshot).toMatchObject({ id: serving, status: "ready" });
    expect(await imagesOf(kiln.installation, serving)).toEqual([version.servingSnapshot!.imageId]);
  }
});

test("a cancellation that only the promotion meets, in the row, is one: at once", async () => {
  // Commits together with the beginning of the last step, and isn't announced: as when the notification is late.
  await db().$executeRawUnsafe(`
    CREATE FUNCTION cancel_at_the_last_step() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM set_config('session_replication_role', 'replica', true);
      UPDATE snapshots SET cancel_requested_at = now(), cancel_requested_by = 'Olga' WHERE id = NEW.snapshot_id;
      RETURN NULL;
    END $$`);
  await db().$executeRawUnsafe(`
    CREATE TRIGGER cancel_late AFTER UPDATE ON snapshot_steps
    FOR EACH ROW WHEN (NEW.name = 'promote' AND NEW.status = 'running') EXECUTE FUNCTION cancel_at_the_last_step()`);
  try {
    const { snapshotId } = await publish({ setupScript: "true" });
    await inStep(snapshotId, "promote");
    expect(await ended(snapshotId, 5_000)).toMatchObject({
      status: "cancelled",
      image: null,
      attempt: 1,
      serving: false,
    });
    expect((await storedLines(snapshotId)).at(-1)?.text).toBe("Cancelled by Olga");
    await until(
      "its image to be gone",
      async () => (await imagesOf(kiln.installation, snapshotId)).length === 0,
    );
  } finally {
    await db().$executeRawUnsafe("DROP TRIGGER cancel_late ON snapshot_steps");
  }
});
