/** F18 on a disk that is really full: an engine of its own, on a small one. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getSession } from "@/lib/sessions/store.server";
import { makeSession } from "@/prisma/factories/sessions";
import {
  canStartSmallEngines,
  type SmallEngine,
  startSmallEngine,
} from "@/worker/containers/docker/testing/small-engine";
import { built, ended, publish } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

/** Where nobody may start an engine, the limits on the one that is there are tested all the same: disk-limit. */
describe.runIf(canStartSmallEngines())("an engine with a disk of 400 MB", () => {
  let kiln: TestKiln;
  let engine: SmallEngine;
  beforeAll(async () => {
    kiln = await startKiln();
    engine = await startSmallEngine(400);
  });
  afterAll(async () => {
    await Promise.all(kiln.workers.map((worker) => worker.kill()));
    await engine.remove();
    await kiln.cleanUp();
  });

  const worker = async (minimumMb: number) => {
    await Promise.all(kiln.workers.map((running) => running.kill()));
    await kiln.startWorker({
      DOCKER_HOST: engine.dockerHost,
      KILN_DISK_FLOOR_MB: "0",
      KILN_DISK_MINIMUM_MB: String(minimumMb),
    });
  };
  const spaceBack = (megabytes: number) =>
    until("the space to be back", async () => (await engine.freeMb()) > megabytes);

  test("full while it builds, or when it is captured: the build says so, its space comes back, sessions start", async () => {
    await worker(0);
    const good = await built({ setupScript: "echo good" });
    expect(good.status).toBe("ready");
    const before = Math.floor(await engine.freeMb()) - 10;

    const full = await built({ setupScript: "dd if=/dev/zero of=/big bs=1M" });
    expect(full.failure).toMatchObject({ code: "disk_limit_exceeded", step: "setup" });
    expect(full.failure!.message).toMatch(/^The setup script found no room on the engine's disk, which has /);
    await spaceBack(before);

    const large = await built({ setupScript: "dd if=/dev/zero of=/big bs=1M count=220" });
    expect(large.failure).toMatchObject({ code: "disk_limit_exceeded", step: "capture" });
    expect(large.failure!.message).toMatch(/^The engine's disk is full: .*no space left on device.*\.$/i);
    await spaceBack(before);

    const { id } = await makeSession(good.profileId);
    await until("the session to run", async () => (await getSession(id)).status === "running");
  });

  test("nearly full: the build is stopped before it fills the disk for the others", async () => {
    await worker(200);
    const script =
      "n=0; while :; do n=$((n + 1)); dd if=/dev/zero of=/big.$n bs=1M count=4 2>/dev/null; sleep 0.2; done";
    const { snapshotId } = await publish({ setupScript: script });
    await until("the disk to fill", async () => (await engine.freeMb()) < 250);
    let least = Number.POSITIVE_INFINITY;
    await until("the space to be back", async () => {
      const free = await engine.freeMb();
      least = Math.min(least, free);
      return free > 300;
    });
    expect(least).toBeGreaterThan(20);

    const { failure } = await ended(snapshotId);
    expect(failure).toMatchObject({ code: "disk_limit_exceeded", step: "setup" });
    expect(failure!.message).toMatch(
      /^The engine's disk is nearly full: \d+ MB are free, .* below 200 MB\.$/,
    );
  });
});
