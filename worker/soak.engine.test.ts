/**
 * Many builds in a row while workers die, leave and freeze at random: each comes to the end that it has to come to,
 * no line of it is lost, and what is left on the engine is exactly what the rows name.
 * KILN_SOAK_SEED repeats the choices of an earlier run. Each has a seed of its own, so that many short ones see more than
 * a long one; KILN_SOAK_BUILDS makes it longer.
 */
import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { insist } from "@/lib/db/insist.server";
import { createSession } from "@/lib/sessions/create.server";
import { deleteSession } from "@/lib/sessions/delete.server";
import { createDockerEngine } from "@/worker/containers/docker";
import { sweep } from "@/worker/sweep/sweep";
import { operator } from "@/worker/testing/builds";
import { containersOf, startKiln, type TestKiln, volumesOf } from "@/worker/testing/installation";
import { Chance } from "@/worker/testing/random";
import { type Kind, Lane, LINES, type SoakBuild, type Way, wrongEnd } from "@/worker/testing/soak-builds";
import { imagesAndReasons, wrongOutput, wrongRows } from "@/worker/testing/soak-checks";
import { type Fault, startStorm } from "@/worker/testing/storm";

const seed = Number(process.env.KILN_SOAK_SEED ?? randomInt(2 ** 31));
/** Sweeps all the time, too. */
const eager = { KILN_SWEEP_SECONDS: "2" };
const LANES = 4;
const BUILDS = Number(process.env.KILN_SOAK_BUILDS ?? 40);

let kiln: TestKiln;
/** One for all: a process has its database for good. */
beforeAll(async () => {
  kiln = await startKiln();
});
afterAll(() => kiln.cleanUp());

interface Soak {
  builds: number;
  kinds: readonly [Kind, ...Kind[]];
  ways: readonly [Way, ...Way[]];
  faults: readonly [Fault, ...Fault[]];
  /** The first build of each profile comes before the storm: only a refresh can be asked for twice. */
  prepared?: boolean;
}

/** Builds all of them in lanes beside the storm. @returns how each of them ended. */
async function soak({ builds, kinds, ways, faults, prepared = false }: Soak): Promise<SoakBuild[]> {
  const chance = new Chance(seed);
  await Promise.all([kiln.startWorker(eager), kiln.startWorker(eager)]);
  const weather = chance.branch();
  const lanes = Array.from(
    { length: LANES },
    (_, index) => new Lane(`${index}`, chance.branch(), kinds, ways),
  );
  const done: SoakBuild[] = [];
  if (prepared) for (const lane of lanes) done.push(...(await lane.prepare()));
  const storm = await startStorm(kiln, weather, faults, eager);
  const wrong: string[] = [];
  let asked = 0;
  await Promise.all(
    lanes.map(async (lane) => {
      for (; asked < builds; ) {
        asked += 1;
        done.push(await lane.next());
        wrong.push(...(await insist(wrongRows)));
      }
    }),
  );
  await storm.stop();
  expect(wrong).toEqual([]);
  expect(storm.log.length, "faults").toBeGreaterThan(0);
  return done;
}

/** Every check that is worth a look at the end, with everything that is wrong. */
async function settle(done: readonly SoakBuild[]): Promise<void> {
  expect(await wrongRows()).toEqual([]);
  const wrong = done.flatMap((build) => wrongEnd(build) ?? []);
  expect(wrong, `${JSON.stringify(wrong)}\n${errors()}`).toEqual([]);
  expect(await db().snapshot.count({ where: { status: { in: ["queued", "running"] } } })).toBe(0);
  const torn = [];
  for (const { snapshot } of done) torn.push(...(await wrongOutput(snapshot, LINES)));
  expect(torn).toEqual([]);
  await startAll();
  await leaveAndSweep();
  const { there, explained, missing, names, known } = await imagesAndReasons(kiln.installation);
  expect(missing).toEqual([]);
  expect(there).toEqual(explained);
  // An image that stays for another's sake may still have the name of a snapshot that was removed.
  expect(names).toEqual(expect.arrayContaining(known));
  expect(await containersOf(kiln.installation)).toEqual([]);
  expect(await volumesOf(kiln.installation)).toEqual([]);
}

/** What the workers themselves say about it, for a test that failed. */
const errors = () => kiln.workers.map((worker) => worker.errors()).join("\n");

/** A session of each version that has a serving snapshot; they run, and are deleted. */
async function startAll(): Promise<void> {
  const serving = await db().version.findMany({
    where: { servingSnapshotId: { not: null } },
    select: { number: true, profile: { select: { slug: true } } },
  });
  expect(serving.length).toBeGreaterThan(0);
  const sessions = await Promise.all(
    serving.map(({ number, profile: { slug } }) =>
      createSession(operator, { profile: slug, version: number ?? 0, env: {}, wait: "running" }),
    ),
  );
  expect(sessions.filter(({ status }) => status !== "running")).toEqual([]);
  for (const { id } of sessions) await deleteSession(operator, id);
}

async function leaveAndSweep(): Promise<void> {
  for (const worker of kiln.workers) if (worker.running) worker.signal("SIGTERM");
  await Promise.all(kiln.workers.map(({ exited }) => exited));
  const worker = await db().worker.findFirstOrThrow({ orderBy: { startedAt: "desc" } });
  for (let sweeps = 0; sweeps < 2; sweeps += 1) await sweep(worker, createDockerEngine(), new Set());
}

test(`${BUILDS} builds while workers are killed and replaced (seed ${seed})`, async () => {
  const done = await soak({
    builds: BUILDS,
    kinds: ["plain", "sections", "checked", "fails", "refused"],
    ways: ["publish", "publish", "refresh", "incremental", "try"],
    faults: ["SIGKILL", "SIGKILL", "SIGTERM"],
  });
  expect(done).toHaveLength(BUILDS);
  await settle(done);
}, 300_000);
