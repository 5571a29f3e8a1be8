/**
 * `npm run bench:log`: what a script costs that prints a million lines, beside the plain tool that throws them away,
 * and what its log takes of the worker's memory and of the database's disk.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { db } from "@/lib/db/client.server";
import { type SnapshotWire, snapshotSchema } from "@/lib/snapshots/wire";
import { baseImage } from "./address";
import { Cleanup } from "./cleanup";
import { timed } from "./docker";
import { refresh, untilReady, unwatchedUntilReady, withToken } from "./kiln";
import { Report } from "./report";
import { median, type Pairs } from "./stats";
import { WorkerMemory } from "./worker-memory";
import { World } from "./world";

const ROUNDS = 5;
const LINES = 1_000_000;
/** 100 bytes a line, with as much in it that is new as a package manager's lines have. */
const PRINT = `awk 'BEGIN { srand(7); for (i = 1; i <= ${LINES}; i++) { s = sprintf("%07d Get:%d http://deb.example.org/debian bookworm/main amd64 lib%x %d.%d-%d [%d kB]", i, i, rand() * 1000000, rand() * 10, rand() * 40, rand() * 9, rand() * 9000); printf "%-99s\\n", s } }'`;
/** So long it waits for whoever measures the log while it runs. */
const LINGER_SECONDS = 15;

const report = new Report((line) => console.log(line));
const cleanup = new Cleanup();

await withToken(async (bench) => {
  const world = new World(bench, report, cleanup);
  cleanup.later("what is left on the engine", () => bench.call("POST", "/sweep", { dryRun: false }));
  try {
    const slug = await world.ready("log", { setupScript: PRINT });
    const pairs: Pairs = { kiln: [], beside: [] };
    /** The same with one client that has every line sent to it and takes it apart. */
    const watched: Pairs = { kiln: [], beside: pairs.beside };
    const highest: number[] = [];
    const growth: number[] = [];
    let memory: WorkerMemory | null = null;
    const archived: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      pairs.beside.push(await timed(() => discard(PRINT)));
      memory?.start();
      const snapshot = await unwatchedUntilReady(bench, await refresh(bench, slug));
      pairs.kiln.push(setupTime(snapshot));
      watched.kiln.push(setupTime(await untilReady(bench, await refresh(bench, slug))));
      if (memory) {
        const { before, most } = memory.stop();
        highest.push(most);
        growth.push(most - before);
      }
      memory = WorkerMemory.of(snapshot.worker);
      archived.push(await archivedShare(snapshot));
    }
    report.ratio("1,000,000 lines: setup step ÷ docker run > /dev/null", pairs, 1.25);
    report.ratio("… while one client of this machine follows it", watched, null);
    if (highest.length > 0) {
      report.figure("Worker's memory while it prints, MiB", Math.max(...highest), 150);
      report.figure("… of which it took for that, MiB", Math.max(...growth), 100);
    } else report.missing("Worker's memory", "it runs on another machine");
    const lingering = await world.publish("live log", {
      setupScript: `${PRINT}\nsleep ${LINGER_SECONDS}`,
    });
    report.figure("Live on disk, bytes a byte of log", await liveShare(lingering.snapshotId), 0.6);
    report.figure("Archived on disk, bytes a byte of log", median(archived), 0.25);
    await untilReady(bench, lingering.snapshotId);

    async function liveShare(id: string): Promise<number> {
      const deadline = Date.now() + 120_000;
      while (Date.now() < deadline) {
        const snapshot = snapshotSchema.parse(await bench.call("GET", `/snapshots/${id}`));
        if (snapshot.log.lines >= LINES) return share(snapshot, "log_chunks");
        await delay(100);
      }
      throw new Error("The lines of the live log didn't arrive.");
    }
  } finally {
    console.log("\nTaking everything away");
    for (const left of await cleanup.run()) console.log(`  is left: ${left}`);
  }
  console.log(`\n${report.table().join("\n")}`);
}, "admin");
process.exit(0);

/** `docker run … > /dev/null`. */
async function discard(script: string): Promise<void> {
  const args = ["run", "--rm", baseImage, "bash", "-e", "-c", script];
  const child = spawn("docker", args, { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`docker run ended with ${code}.`);
}

function setupTime({ steps }: SnapshotWire): number {
  const step = steps.find(({ name }) => name === "setup");
  if (!step?.startedAt || !step.finishedAt) throw new Error("The setup step has no times.");
  return Date.parse(step.finishedAt) - Date.parse(step.startedAt);
}

/** As soon as nothing of it is a chunk any more. */
async function archivedShare(snapshot: SnapshotWire): Promise<number> {
  const deadline = Date.now() + 60_000;
  while ((await db().logChunk.count({ where: { snapshotId: snapshot.id } })) > 0) {
    if (Date.now() > deadline) throw new Error("The log wasn't compacted.");
    await delay(100);
  }
  return share(snapshot, "log_parts");
}

/** What the rows take, with about what the database adds to each. */
async function share({ id, log }: SnapshotWire, table: "log_chunks" | "log_parts"): Promise<number> {
  const [row] =
    table === "log_chunks"
      ? await db().$queryRaw<
          Array<{ bytes: bigint }>
        >`SELECT sum(pg_column_size(data) + 100) AS bytes FROM log_chunks WHERE snapshot_id = ${id}::uuid`
      : await db().$queryRaw<
          Array<{ bytes: bigint }>
        >`SELECT sum(pg_column_size(data) + 100) AS bytes FROM log_parts WHERE snapshot_id = ${id}::uuid`;
  return Number(row?.bytes ?? 0) / (log.bytes - log.truncatedBytes);
}
