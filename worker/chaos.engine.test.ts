/**
 * Everything at once, at random: builds are asked for, joined, cancelled and swept after while workers are killed and
 * frozen, all connections to the database end, and the engine is killed. Each build comes to its end, no line is lost, and
 * what is left on the engine is exactly what the rows name. It takes minutes and a machine of its own, so it runs where
 * KILN_CHAOS is set; KILN_SOAK_SEED repeats the choices of an earlier run.
 */
import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  canStartEngines,
  type SecondEngine,
  startSecondEngine,
} from "@/worker/containers/docker/testing/second-engine";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { settle, soak } from "@/worker/testing/soak";

const seed = Number(process.env.KILN_SOAK_SEED ?? randomInt(2 ** 31));

describe.runIf(process.env.KILN_CHAOS !== undefined && canStartEngines())("chaos", () => {
  let kiln: TestKiln;
  let engine: SecondEngine;
  beforeAll(async () => {
    kiln = await startKiln();
    engine = await startSecondEngine({ liveRestore: true });
  });
  afterAll(async () => {
    await Promise.all(kiln.workers.map((worker) => worker.kill()));
    await engine.remove();
    await kiln.cleanUp();
  });

  test(`16 builds while workers, the database and the engine fail (seed ${seed})`, async () => {
    const done = await soak({
      ...{ kiln, seed, engine },
      builds: 16,
      kinds: ["plain", "sections", "checked"],
      ways: ["refresh", "refresh", "incremental"],
      faults: ["SIGKILL", "SIGKILL", "freeze", "cut", "engine"],
      prepared: true,
    });
    expect(done.length).toBeGreaterThanOrEqual(16);
    await settle({ kiln, engine }, done);
  }, 300_000);
});
