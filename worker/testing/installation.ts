/**
 * For tests: a Kiln of its own. A fresh database and real worker processes on the real engine; the test is
 * the web process. Leaves nothing behind: what carries the installation's label goes at the end.
 */
import { closeDatabase } from "@/lib/db/client.server";
import { closeHub } from "@/lib/events/hub.server";
import { installationId } from "@/lib/installation.server";
import { closeSender } from "@/lib/jobs/boss.server";
import { createTestDatabase, type TestDatabase } from "@/prisma/factories/test-database";
import { createDockerEngine } from "@/worker/containers/docker";
import { docker, removeImagesOf } from "@/worker/containers/docker/testing/engine";
import { type WorkerOptions, WorkerProcess } from "./worker-process";

export interface TestKiln {
  database: TestDatabase;
  installation: string;
  workers: WorkerProcess[];
  startWorker(env?: Record<string, string>, options?: WorkerOptions): Promise<WorkerProcess>;
  /** Ends the workers, removes everything that they left, and drops the database. */
  cleanUp(): Promise<void>;
}

/** Once a test file: the process's connections go to the new database from here on. */
export async function startKiln(): Promise<TestKiln> {
  const database = await createTestDatabase();
  process.env.DATABASE_URL = database.url;
  // The workers inherit it; a developer's own key stays out of it.
  process.env.KILN_SECRET_KEY = "only-for-tests-0123456789abcdefghij";
  const installation = await installationId();
  const workers: WorkerProcess[] = [];
  return {
    database,
    installation,
    workers,
    startWorker: async (env, options) => {
      const worker = await WorkerProcess.start(database.url, env, options);
      workers.push(worker);
      return worker;
    },
    cleanUp: async () => {
      await Promise.all(workers.map((worker) => worker.kill()));
      await removeEverything(installation);
      await closeSender();
      await closeHub();
      await closeDatabase();
      await database.drop();
    },
  };
}

async function removeEverything(installation: string): Promise<void> {
  // The engine may still be at a removal that a killed worker asked for; this one waits for that.
  const engine = createDockerEngine();
  for (const container of await containersOf(installation)) await engine.removeContainer(container.id);
  await removeImagesOf(installation);
  const { Volumes } = await docker.listVolumes({ filters: labels(installation) });
  for (const volume of Volumes) await docker.getVolume(volume.Name).remove();
}

const labels = (installation: string, owner?: string) => ({
  label: [`dev.kiln.installation=${installation}`, ...(owner ? [`dev.kiln.owner=${owner}`] : [])],
});

export interface FoundContainer {
  id: string;
  name: string;
  running: boolean;
}

/** What the engine itself says is there, running or not. @param owner a snapshot's or session's id */
export async function containersOf(
  installation: string,
  owner?: string,
  engine = docker,
): Promise<FoundContainer[]> {
  const found = await engine.listContainers({ all: true, filters: labels(installation, owner) });
  return found.map(({ Id, Names, State }) => ({
    id: Id,
    name: Names[0]?.slice(1) ?? "",
    running: State === "running",
  }));
}

/** Ids of the images that carry the label. */
export async function imagesOf(installation: string, owner?: string): Promise<string[]> {
  return (await docker.listImages({ filters: labels(installation, owner) })).map(({ Id }) => Id);
}

export async function volumesOf(installation: string, engine = docker): Promise<string[]> {
  return (await engine.listVolumes({ filters: labels(installation) })).Volumes.map(({ Name }) => Name);
}
