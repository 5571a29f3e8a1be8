/**
 * Many builds in a row while workers die, leave and freeze at random: each comes to the end that it has to come to,
 * no line of it is lost, and what is left on the engine is exactly what the rows name.
 * KILN_SOAK_SEED repeats the choices of an earlier run.
 */
import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { settle, soak } from "@/worker/testing/soak";

const seed = Number(process.env.KILN_SOAK_SEED ?? randomInt(2 ** 31));

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
});
afterAll(() => kiln.cleanUp());

test(`60 builds while workers are killed and replaced (seed ${seed})`, async () => {
  const done = await soak({
    ...{ kiln, seed },
    builds: 60,
    kinds: ["plain", "sections", "checked", "fails", "refused"],
    ways: ["publish", "publish", "refresh", "incremental", "try"],
    faults: ["SIGKILL", "SIGKILL", "SIGTERM"],
  });
  expect(done).toHaveLength(60);
  await settle({ kiln }, done);
}, 300_000);
