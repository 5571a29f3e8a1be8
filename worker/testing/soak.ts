/** For tests: many builds in a row beside a storm of faults, and what has to be true when it is over. */
import { expect } from "vitest";
import { db } from "@/lib/db/client.server";
import { insist } from "@/lib/db/insist.server";
import { createSession } from "@/lib/sessions/create.server";
import { deleteSession } from "@/lib/sessions/delete.server";
import { createDockerEngine } from "@/worker/containers/docker";
import type { SecondEngine } from "@/worker/containers/docker/testing/second-engine";
import { sweep } from "@/worker/sweep/sweep";
import { operator } from "./builds";
import { containersOf, type TestKiln, volumesOf } from "./installation";
import { Chance } from "./random";
import { type Kind, Lane, LINES, type SoakBuild, type Way, wrongEnd } from "./soak-builds";
import { imagesAndReasons, wrongOutput, wrongRows } from "./soak-checks";
import { type Fault, startStorm } from "./storm";

const LANES = 4;

export interface Soak {
  kiln: TestKiln;
  /** Repeats the choices of an earlier run. */
  seed: number;
  /** Where it isn't the machine's own: one that may be ended, too. */
  engine?: SecondEngine;
  builds: number;
  kinds: readonly [Kind, ...Kind[]];
  ways: readonly [Way, ...Way[]];
  faults: readonly [Fault, ...Fault[]];
  /** The first build of each profile comes before the storm: only a refresh can be asked for twice. */
  prepared?: boolean;
}

/** Builds all of them in lanes beside the storm. @returns how each of them ended. */
export async function soak(options: Soak): Promise<SoakBuild[]> {
  const { kiln, seed, engine, builds, kinds, ways, faults, prepared = false } = options;
  const chance = new Chance(seed);
  // They sweep all the time, too.
  const eager = { KILN_SWEEP_SECONDS: "2", ...(engine ? { DOCKER_HOST: engine.dockerHost } : {}) };
  await Promise.all([kiln.startWorker(eager), kiln.startWorker(eager)]);
  const weather = chance.branch();
  const lanes = Array.from(
    { length: LANES },
    (_, index) => new Lane(`${index}`, chance.branch(), kinds, ways),
  );
  const done: SoakBuild[] = [];
  if (prepared) for (const lane of lanes) done.push(...(await lane.prepare()));
  const storm = await startStorm({ kiln, engine, env: eager }, weather, faults);
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
export async function settle(
  { kiln, engine }: Pick<Soak, "kiln" | "engine">,
  done: readonly SoakBuild[],
): Promise<void> {
  expect(await wrongRows()).toEqual([]);
  // One that lost its engine three times is given up, as is said of it.
  const wrong = done.flatMap((build) => (engine && wasGivenUp(build) ? [] : (wrongEnd(build) ?? [])));
  expect(wrong, `${JSON.stringify(wrong)}\n${errors(kiln)}`).toEqual([]);
  expect(await db().snapshot.count({ where: { status: { in: ["queued", "running"] } } })).toBe(0);
  const torn = [];
  for (const { snapshot } of done) torn.push(...(await wrongOutput(snapshot, LINES)));
  expect(torn).toEqual([]);
  await startAll();
  await leaveAndSweep(kiln, engine);
  const { there, explained, missing, names, known } = await imagesAndReasons(
    kiln.installation,
    engine?.docker,
  );
  expect(missing).toEqual([]);
  expect(there).toEqual(explained);
  // An image that stays for another's sake may still have the name of a snapshot that was removed.
  expect(names).toEqual(expect.arrayContaining(known));
  expect(await containersOf(kiln.installation, undefined, engine?.docker)).toEqual([]);
  expect(await volumesOf(kiln.installation, engine?.docker)).toEqual([]);
}

const wasGivenUp = ({ snapshot: { attempt, failure } }: SoakBuild) =>
  failure?.code === "engine_unavailable" && attempt > 2;

/** What the workers themselves say about it, for a test that failed. */
const errors = (kiln: TestKiln) => kiln.workers.map((worker) => worker.errors()).join("\n");

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

async function leaveAndSweep(kiln: TestKiln, engine?: SecondEngine): Promise<void> {
  for (const worker of kiln.workers) if (worker.running) worker.signal("SIGTERM");
  await Promise.all(kiln.workers.map(({ exited }) => exited));
  const worker = await db().worker.findFirstOrThrow({ orderBy: { startedAt: "desc" } });
  for (let sweeps = 0; sweeps < 2; sweeps += 1) await sweep(worker, createDockerEngine(engine), new Set());
}
