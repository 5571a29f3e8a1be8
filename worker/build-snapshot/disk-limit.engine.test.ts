/** A build's disk limit, for real: it is stopped in seconds, says how much it used, and gives the space back. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { built, output } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { unexplained } from "@/worker/testing/left";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
});
afterAll(() => kiln.cleanUp());

const resources = { cpus: 1, memoryMb: 256, pids: 64, diskMb: 64 };
const write = (file: string, megabytes: number) =>
  `dd if=/dev/zero of=${file} bs=1M count=${megabytes} 2>/dev/null`;
const LIMIT = /^The setup script used (\d+) MB of disk, more than the limit of 64 MB, and was stopped\.$/;

const nothingLeft = (snapshotId: string) =>
  until("nothing to be left of the build", async () => {
    return (await unexplained(kiln.installation, snapshotId)).length === 0;
  });

test.concurrent("one that goes on writing is stopped within five seconds of passing it", async () => {
  // 5 MB a quarter of a second: 64 MB are passed after three seconds, and 164 MB five seconds later.
  const script = `n=0; while :; do n=$((n + 1)); ${write("/big.$n", 5)}; sleep 0.25; done`;
  const snapshot = await built({ setupScript: script, resources });
  expect(snapshot.failure).toMatchObject({ code: "disk_limit_exceeded", step: "setup", exitCode: null });
  const [, used] = LIMIT.exec(snapshot.failure!.message) ?? [];
  expect(Number(used)).toBeGreaterThan(64);
  expect(Number(used)).toBeLessThan(165);
  expect(snapshot.failure!.hint).toContain("limit");
  await nothingLeft(snapshot.id);
});

test.concurrent("one that is faster than every look is found at its end", async () => {
  const snapshot = await built({ setupScript: write("/big", 80), resources });
  expect(snapshot.failure).toMatchObject({ code: "disk_limit_exceeded", step: "setup" });
  expect(snapshot.failure!.message).toMatch(LIMIT);
  await nothingLeft(snapshot.id);
});

test.concurrent("what earlier parts have added counts, what was deleted doesn't", async () => {
  const snapshot = await built({
    setupScript: [
      "## step: First",
      `${write("/one", 40)}; ${write("/gone", 20)}; rm /gone`,
      "## step: Second",
      `${write("/gone", 20)}; rm /gone; echo fine`,
      "## step: Third",
      write("/two", 40),
    ].join("\n"),
    resources,
  });
  expect(await output(snapshot.id, "setup:2")).toBe("fine");
  expect(snapshot.failure).toMatchObject({ code: "disk_limit_exceeded", step: "setup:3" });
  expect(snapshot.failure!.message).toMatch(/^Setup step “Third” used 8\d MB of disk, /);
  await nothingLeft(snapshot.id);
});

test.concurrent("one below it is built, and so is one that fills only its memory disk", async () => {
  const snapshot = await built({ setupScript: write("/fine", 50), resources });
  expect(snapshot.status).toBe("ready");
  const shm = await built({
    setupScript: `${write("/dev/shm/x", 100)} || { echo No space left on device; exit 5; }`,
    resources,
  });
  expect(shm.failure).toMatchObject({ code: "setup_failed", exitCode: 5 });
});

test("every build ends when the engine's disk has less room than the minimum", async () => {
  await kiln.workers[0]?.kill();
  await kiln.startWorker({ KILN_DISK_FLOOR_MB: "0", KILN_DISK_MINIMUM_MB: "1000000000" });
  const snapshot = await built({ setupScript: "echo up; sleep 1000" });
  expect(snapshot.failure).toMatchObject({ code: "disk_limit_exceeded", step: "setup" });
  expect(snapshot.failure!.message).toMatch(
    /^The engine's disk is nearly full: \d+ MB are free, and builds are stopped below 1000000000 MB\.$/,
  );
  await nothingLeft(snapshot.id);
});
