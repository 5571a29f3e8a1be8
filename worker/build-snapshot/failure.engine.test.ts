/** Every way in which a build fails by itself: its code, its sentence, and what is left behind. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import {
  built,
  ended,
  forgeSpec,
  inStep,
  logged,
  output,
  publish,
  refresh,
  storedLines,
} from "@/worker/testing/builds";
import { containersOf, imagesOf, startKiln, type TestKiln, volumesOf } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
});
afterAll(() => kiln.cleanUp());

const nothingLeft = (snapshotId: string) =>
  until("nothing to be left of the build", async () => {
    const images = await imagesOf(kiln.installation, snapshotId);
    return (await containersOf(kiln.installation, snapshotId)).length === 0 && images.length === 0;
  });

test.concurrent("exit 3", async () => {
  const snapshot = await built({ setupScript: "echo before; exit 3; echo after" });
  expect(snapshot).toMatchObject({ status: "failed", attempt: 1, image: null, serving: false });
  expect(snapshot.failure).toMatchObject({ code: "setup_failed", step: "setup", exitCode: 3 });
  expect(snapshot.failure!.message).toBe("The setup script ended with exit code 3.");
  expect(snapshot.failure!.hint).not.toBe("");
  const { steps } = snapshot;
  expect(steps.map(({ status }) => status)).toEqual([
    "done",
    "done",
    "failed",
    "skipped",
    "skipped",
    "skipped",
  ]);
  expect(steps[2]!.finishedAt).not.toBeNull();
  expect(await output(snapshot.id)).toBe("before");
  expect((await storedLines(snapshot.id)).at(-1)?.text).toBe(
    "Failed: The setup script ended with exit code 3.",
  );
  await nothingLeft(snapshot.id);
});

describe("the time limit", () => {
  test.concurrent.for([
    { what: "an endless script", script: "while :; do sleep 1; done" },
    { what: "one that ignores TERM", script: "trap '' TERM INT HUP; while :; do sleep 1; done" },
    {
      what: "one that forked daemons and waits for one",
      script: "(setsid sleep 1000 &); (sleep 1000 &); sleep 1000",
    },
    { what: "one that prints without an end", script: "yes endless" },
  ])("ends $what within two seconds, with all that is in it", async ({ script }) => {
    const { snapshotId } = await publish({
      setupScript: `echo started\n${script}`,
      timeouts: { setupSeconds: 2 },
    });
    await inStep(snapshotId, "setup");
    const runs = async () =>
      (await containersOf(kiln.installation, snapshotId)).some(({ running }) => running);
    await until("the script to run", runs);
    await until("it to be killed", async () => !(await runs()));
    const killedAt = Date.now();
    const snapshot = await ended(snapshotId);
    const setup = snapshot.steps.find(({ name }) => name === "setup")!;
    const seconds = (killedAt - Date.parse(setup.startedAt!)) / 1000;
    expect(seconds).toBeGreaterThan(2);
    expect(seconds).toBeLessThan(4);
    expect(snapshot.failure).toMatchObject({ code: "setup_timed_out", step: "setup", exitCode: null });
    expect(snapshot.failure!.message).toBe("The setup script ran longer than 2 s and was killed.");
    await logged(snapshot.id, "started");
    await nothingLeft(snapshot.id);
  });
});

describe("memory", () => {
  const resources = { cpus: 1, memoryMb: 32, pids: 32 };

  test.concurrent("a script that takes more than its limit", async () => {
    const snapshot = await built({ setupScript: "echo eating; exec tail /dev/zero", resources });
    expect(snapshot.failure).toMatchObject({ code: "out_of_memory", step: "setup", exitCode: 137 });
    expect(snapshot.failure!.message).toBe(
      "The setup script used more memory than its limit of 32 MB, and the kernel killed a process of it.",
    );
    await nothingLeft(snapshot.id);
  });

  test.concurrent("a child that is killed while the script goes on and ends with 0 (F10)", async () => {
    const snapshot = await built({ setupScript: "tail /dev/zero || echo goes on; exit 0", resources });
    expect(await output(snapshot.id)).toContain("goes on");
    expect(snapshot).toMatchObject({ status: "failed", failure: { code: "out_of_memory", exitCode: 0 } });
  });

  test.concurrent("a check that takes more than the limit", async () => {
    const snapshot = await built({ setupScript: "true", check: "exec tail /dev/zero", resources });
    expect(snapshot.failure).toMatchObject({ code: "out_of_memory", step: "check" });
    await nothingLeft(snapshot.id);
  });
});

test.concurrent("a check that fails: the image is given up", async () => {
  const snapshot = await built({ setupScript: "echo fine", check: "echo missing >&2; exit 4" });
  expect(snapshot).toMatchObject({ status: "failed", image: null, serving: false });
  expect(snapshot.failure).toMatchObject({ code: "check_failed", step: "check", exitCode: 4 });
  expect(snapshot.failure!.message).toBe("The check ended with exit code 4.");
  expect(await output(snapshot.id, "check")).toBe("missing");
  expect(snapshot.steps.map(({ status }) => status)).toEqual([
    "done",
    "done",
    "done",
    "done",
    "failed",
    "skipped",
  ]);
  await nothingLeft(snapshot.id);
});

test.concurrent("a base image that isn't to be had", async () => {
  const snapshot = await built({ baseImage: "localhost:9/kiln-test/no-such-image:1", setupScript: "true" });
  expect(snapshot.failure).toMatchObject({
    code: "base_image_unavailable",
    step: "base-image",
    exitCode: null,
  });
  expect(snapshot.failure!.message).toContain("localhost:9/kiln-test/no-such-image:1");
  expect(snapshot.steps.map(({ status }) => status)).toEqual(["failed", ...Array(5).fill("skipped")]);
  await nothingLeft(snapshot.id);
});

test.concurrent("a failed refresh leaves the snapshot that served in service", async () => {
  const good = await built({ setupScript: 'echo once more; test -z "$FAIL"' });
  await forgeSpec(good.slug, { env: { FAIL: "now" } });
  const bad = await ended(await refresh(good.slug));
  expect(bad).toMatchObject({
    status: "failed",
    serving: false,
    failure: { code: "setup_failed", exitCode: 1 },
  });
  const version = await db().version.findFirstOrThrow({
    where: { profile: { slug: good.slug } },
    include: { servingSnapshot: true },
  });
  expect(version.servingSnapshot).toMatchObject({ id: good.id, status: "ready", imageId: good.image!.id });
  expect(await imagesOf(kiln.installation, good.id)).toEqual([good.image!.id]);
});

test("a fork bomb meets its limit; the worker goes on beating and building (F12)", async () => {
  const bomb = await publish({
    setupScript: "bomb() { bomb | bomb & }; echo armed; bomb; sleep 1000",
    resources: { cpus: 1, memoryMb: 128, pids: 64 },
    timeouts: { setupSeconds: 8 },
  });
  await logged(bomb.snapshotId, "armed");
  const beats = new Set<number>();
  const beating = until(
    "six beats",
    async () => {
      const worker = await db().worker.findFirstOrThrow({ where: { status: "running" } });
      return beats.add(worker.seenAt.getTime()).size > 6;
    },
    6_000,
  );
  const [neighbour] = await Promise.all([built({ setupScript: "echo neighbour" }), beating]);
  expect(neighbour.status).toBe("ready");
  const end = await ended(bomb.snapshotId);
  expect(end.status).toBe("failed");
  expect(["setup_timed_out", "setup_failed"]).toContain(end.failure!.code);
  expect(await output(bomb.snapshotId)).toContain("can't fork");
  expect(end.failure!.hint).toMatch(/^No further process could be started: raise the limit of processes /);
  await nothingLeft(bomb.snapshotId);
});

test("a script that ends because no process can be started says what the limit was", async () => {
  const snapshot = await built({
    setupScript: "for i in $(seq 40); do sleep 100 & done; sleep 0",
    resources: { cpus: 1, memoryMb: 64, pids: 16 },
  });
  expect(snapshot.failure).toMatchObject({ code: "setup_failed" });
  expect(snapshot.failure!.message).toMatch(
    /^The setup script ended with exit code \d+\b.* It met its limit of 16 processes\.$/,
  );
});

test.concurrent("a spec that this version of Kiln can't read fails with its reason, once (F24)", async () => {
  const { slug } = await built({ setupScript: "true" });
  await forgeSpec(slug, { network: "of a newer release" });
  const end = await ended(await refresh(slug));
  expect(end).toMatchObject({ status: "failed", attempt: 1, failure: { code: "plan_failed", step: null } });
  expect(end.failure!.message).toContain("network");
  expect((await storedLines(end.id)).at(-1)?.text).toBe(end.failure!.message);
});

test("nothing is left of any of them, and the worker has no complaint", async () => {
  // One that became ready removes its container after it has said so.
  await until("the last container to go", async () => (await containersOf(kiln.installation)).length === 0);
  expect(await volumesOf(kiln.installation)).toEqual([]);
  const worker = kiln.workers[0]!;
  expect(worker.noise).toEqual([]);
  expect(worker.lines.filter(({ level }) => level >= 50)).toEqual([]);
});
