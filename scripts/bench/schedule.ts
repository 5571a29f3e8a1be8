/**
 * `npm run bench:schedule`: what ten thousand schedules cost a worker, how soon one that is due is queued, and how soon a
 * person's refresh is taken past five hundred that machines asked for. Bars are docs' own; one that is missed fails nothing.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { db } from "@/lib/db/client.server";
import { SPREAD_SECONDS } from "@/lib/schedules/policy";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import { requestSnapshot } from "@/lib/snapshots/request.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { systemActor } from "@/lib/users/roles";
import { Cleanup } from "./cleanup";
import { type Bench, publishProfile, refresh, untilReady, withToken } from "./kiln";
import { duration, median, summary } from "./stats";

const SCHEDULES = 10_000;
const QUEUED = 500;
const WATCHED_SECONDS = 30;
const DUE = 10;
const ROUNDS = 5;
/** A tick of the kernel's clock, in which a process's time is told. */
const TICK_MS = 10;

const verdict = (value: number, bar: number) => (value <= bar ? "✓" : "✗ missed");

/** Versions of a profile that nobody published: the only way to have thousands within a minute. */
async function addVersions(profileId: string, count: number): Promise<void> {
  await db().$executeRaw`
    INSERT INTO versions (id, profile_id, state, number, spec)
    SELECT gen_random_uuid(), profile_id, 'published', n, spec
    FROM versions, generate_series(2, ${count + 1}::int) n WHERE profile_id = ${profileId}::uuid AND number = 1`;
}

/** All of it in one go: published versions are the database's to keep. */
async function removeVersions(profileId: string): Promise<void> {
  await db().$transaction([
    db().$executeRaw`SELECT set_config('session_replication_role', 'replica', true)`,
    db()
      .$executeRaw`DELETE FROM schedules USING versions v WHERE v.id = version_id AND v.profile_id = ${profileId}::uuid AND v.number > 1`,
    db()
      .$executeRaw`DELETE FROM schedule_runs USING versions v WHERE v.id = version_id AND v.profile_id = ${profileId}::uuid AND v.number > 1`,
    db().$executeRaw`UPDATE snapshots SET version_id = first.id FROM versions first, versions v
        WHERE v.id = snapshots.version_id AND v.profile_id = ${profileId}::uuid AND first.profile_id = v.profile_id AND first.number = 1
          AND snapshots.status NOT IN ('queued', 'running')`,
    db().$executeRaw`DELETE FROM versions WHERE profile_id = ${profileId}::uuid AND number > 1`,
  ]);
}

/** Processor time that a process has taken, in milliseconds. */
function takenBy(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

async function workerPid(): Promise<number> {
  const { name } = await db().worker.findFirstOrThrow({
    where: { status: "running" },
    orderBy: { seenAt: "desc" },
  });
  return Number(name.split("-").at(-1));
}

async function measureDispatcher(profileId: string): Promise<void> {
  const pid = await workerPid();
  const load = async () => {
    const before = takenBy(pid);
    await sleep(WATCHED_SECONDS * 1_000);
    return (takenBy(pid) - before) / (WATCHED_SECONDS * 10);
  };
  const without = await load();
  await addVersions(profileId, SCHEDULES);
  await db().$executeRaw`
    INSERT INTO schedules (id, version_id, cron, timezone, due_at, run_at)
    SELECT gen_random_uuid(), id, '0 3 * * *', 'UTC', now() + interval '1 day', now() + interval '1 day'
    FROM versions WHERE profile_id = ${profileId}::uuid AND number > 1`;
  const withThem = await load();
  console.log(
    `worker with ${SCHEDULES.toLocaleString("en")} schedules: ${withThem.toFixed(2)} % of a core, without ${without.toFixed(2)} %`,
  );
  console.log(
    `  the schedules' share: ${(withThem - without).toFixed(2)} % (≤ 1 % ${verdict(withThem - without, 1)})`,
  );
  const delays: number[] = [];
  const due = await db().$queryRaw<Array<{ id: string }>>`
    SELECT version_id AS id FROM schedules s JOIN versions v ON v.id = s.version_id WHERE v.profile_id = ${profileId}::uuid AND v.number > 1 ORDER BY v.number LIMIT ${DUE}`;
  for (const { id } of due) {
    await sleep(500 + Math.random() * 2_000);
    await db()
      .$executeRaw`UPDATE schedules SET due_at = now(), run_at = now() WHERE version_id = ${id}::uuid`;
    const begun = Date.now();
    let queued: { id: string; queuedAt: Date } | null = null;
    while (!queued && Date.now() - begun < 20_000) {
      await sleep(20);
      queued = await db().snapshot.findFirst({
        where: { versionId: id },
        select: { id: true, queuedAt: true },
      });
    }
    if (!queued) throw new Error("A schedule that was due was not settled within 20 s.");
    delays.push(Date.now() - begun);
  }
  const worst = Math.max(...delays);
  console.log(
    summary(
      `due to queued, with ${SCHEDULES.toLocaleString("en")} of them (worst ≤ 5 s ${verdict(worst, 5_000)})`,
      delays,
    ),
  );
  console.log(`  beside that, the schedules of one minute are spread over ${SPREAD_SECONDS} s on purpose`);
}

async function measureLanes(bench: Bench, slug: string, profileId: string, cleanup: Cleanup): Promise<void> {
  const versions = await db().version.findMany({
    where: { profileId, number: { gt: 1_000, lte: 1_000 + QUEUED } },
    select: { id: true },
  });
  const ids: string[] = [];
  cleanup.later("scheduled builds", async () => {
    for (const id of ids) {
      const { status } = await getSnapshot(id);
      if (status === "queued" || status === "running") await cancelSnapshot(systemActor, id);
    }
    while ((await db().snapshot.count({ where: { profileId, status: { in: ["queued", "running"] } } })) > 0)
      await sleep(200);
  });
  for (const { id: versionId } of versions) {
    const request = { versionId, trigger: "schedule", mode: "full" } as const;
    ids.push((await db().$transaction((tx) => requestSnapshot(tx, systemActor, request))).snapshot.id);
  }
  const picked: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await refresh(bench, slug);
    await untilReady(bench, id);
    const { queuedAt, startedAt } = await getSnapshot(id);
    const asked = Date.parse(queuedAt);
    const started = Date.parse(startedAt ?? "");
    // The place that it took: the last one that was given up before it started.
    const freed = await db().snapshot.findFirst({
      where: { profileId, finishedAt: { gte: new Date(asked), lte: new Date(started) } },
      orderBy: { finishedAt: "desc" },
      select: { finishedAt: true },
    });
    picked.push(started - Math.max(asked, freed?.finishedAt?.getTime() ?? asked));
  }
  const waiting = await db().snapshot.count({ where: { profileId, status: "queued" } });
  console.log(
    summary(
      `a person's refresh past ${QUEUED} scheduled ones, from a free place to its start (≤ 1 s ${verdict(median(picked), 1_000)})`,
      picked,
    ),
  );
  console.log(`  worst ${duration(Math.max(...picked))}; ${waiting} of the scheduled ones still waited then`);
}

await withToken(async (bench) => {
  const cleanup = new Cleanup();
  try {
    const { slug, snapshotId } = await publishProfile(bench, `Bench schedule ${Date.now()}`, {
      setupScript: "sleep 1",
    });
    await untilReady(bench, snapshotId);
    const { profileId } = await getSnapshot(snapshotId);
    cleanup.later(`profile ${slug}`, () => bench.call("DELETE", `/profiles/${slug}`));
    cleanup.later("versions", () => removeVersions(profileId));
    await measureDispatcher(profileId);
    await measureLanes(bench, slug, profileId, cleanup);
  } finally {
    for (const left of await cleanup.run()) console.log(`not taken away: ${left}`);
  }
}, "admin");
process.exit(0);
