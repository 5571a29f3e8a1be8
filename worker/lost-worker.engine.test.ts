/** Workers that end without a word, or freeze: their builds go on elsewhere, and they can write nothing any more. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { createDockerEngine } from "@/worker/containers/docker";
import { BEATS_BEFORE_RECOVERY } from "@/worker/heartbeat";
import { sweep } from "@/worker/sweep/sweep";
import { built, ended, inStep, logged, output, publish, refresh, storedLines } from "@/worker/testing/builds";
import { inImage } from "@/worker/testing/images";
import { containersOf, imagesOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import type { WorkerProcess } from "@/worker/testing/worker-process";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
});
afterAll(() => kiln.cleanUp());

/** Two seconds of numbered lines. */
const TICKS = 20;
/** Never the same: one that ended well would be reused, and nothing would run. */
const ticking = () => `# ${randomUUID()}\nfor i in $(seq 1 ${TICKS}); do echo tick $i; sleep 0.1; done`;
const allTicks = Array.from({ length: TICKS }, (_, index) => `tick ${index + 1}`).join("\n");

/** One that lives, as a rule another test's: each that is there costs the others of their time. */
const aWorker = async () => kiln.workers.find(({ running }) => running) ?? (await kiln.startWorker());

/** The worker that has the build, as soon as one that lives has it. */
function workerOf(snapshotId: string): Promise<WorkerProcess> {
  return until(`a living worker of ${snapshotId}`, async () => {
    const { worker: name } = await getSnapshot(snapshotId);
    return kiln.workers.find((worker) => worker.running && worker.name === name) ?? null;
  });
}

/** It was told that it lost this build. */
const noticed = (worker: WorkerProcess, snapshotId: string) =>
  worker.lines.some((line) => line.snapshotId === snapshotId && line.msg.startsWith("the claim was lost"));

const attempt = (snapshotId: string, number: number) =>
  until(`attempt ${number}`, async () => {
    const snapshot = await getSnapshot(snapshotId);
    return snapshot.attempt === number && snapshot.status === "running" ? snapshot : null;
  });

/** What was printed after a divider. */
async function outputSince(snapshotId: string, divider: RegExp): Promise<string> {
  const lines = await storedLines(snapshotId);
  const at = lines.findLastIndex(({ text }) => divider.test(text));
  expect(at, "a divider in the log").toBeGreaterThan(0);
  return lines
    .slice(at)
    .filter(({ stream }) => stream === "stdout")
    .map(({ text }) => text)
    .join("\n");
}

const takenOver = (snapshotId: string, fence: number) =>
  until(`claim ${fence}`, async () => {
    const row = await db().snapshot.findUniqueOrThrow({ where: { id: snapshotId } });
    return row.fence >= fence && row.workerId !== null;
  });

test("with the times of production a dead worker's build goes on in under 20 seconds", () => {
  const { KILN_LEASE_SECONDS: lease, KILN_BEAT_MS: beat } = env();
  expect([lease, beat]).toEqual([12, 2_500]);
  // It died right after it renewed, and the other one has just looked. One that has only been started waits for a few beats.
  expect(lease + (2 * beat) / 1000).toBeLessThan(20);
  expect(((BEATS_BEFORE_RECOVERY + 1) * beat) / 1000).toBeLessThan(lease);
});

test("killed in the middle of the script: the same container goes on, no line is missing or twice (F01)", async () => {
  await Promise.all([kiln.startWorker(), kiln.startWorker()]);
  const { snapshotId } = await publish({ setupScript: ticking() });
  await logged(snapshotId, "tick 5");
  const before = await containersOf(kiln.installation, snapshotId);
  const victim = await workerOf(snapshotId);
  const killed = performance.now();
  await victim.kill();
  await takenOver(snapshotId, 2);
  expect((performance.now() - killed) / 1000).toBeLessThan(3 + 4 * 0.5 + 5);
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", serving: true, attempt: 1, failure: null });
  expect(await output(snapshotId)).toBe(allTicks);
  const said = (await storedLines(snapshotId)).filter(({ stream }) => stream === "system");
  expect(said.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^──── The worker .* stopped answering\. .* goes on with this build\. ────$/),
  );
  expect(said.filter(({ text }) => text.startsWith("Sandbox "))).toHaveLength(1);
  expect(before).toHaveLength(1);
  expect(end.steps.every(({ status }) => status === "done" || status === "skipped")).toBe(true);
  expect(await imagesOf(kiln.installation, snapshotId)).toEqual([end.image!.id]);
});

test("killed three times, and the script ends while nobody looks: its log is whole", async () => {
  const worker = await aWorker();
  const script = "for i in $(seq 1 60); do echo out $i; echo err $i >&2; sleep 0.1; done; printf 'no end'";
  const { snapshotId } = await publish({ setupScript: script });
  let victim = worker;
  for (const at of [3, 20, 40]) {
    await logged(snapshotId, `out ${at}`);
    victim = await workerOf(snapshotId);
    const next = kiln.startWorker();
    await victim.kill();
    await next;
  }
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", attempt: 1 });
  const lines = (await storedLines(snapshotId)).filter(({ step }) => step === "setup");
  const of = (stream: string) => lines.filter((line) => line.stream === stream).map(({ text }) => text);
  const numbered = (word: string) => Array.from({ length: 60 }, (_, index) => `${word} ${index + 1}`);
  expect(of("stdout")).toEqual([...numbered("out"), "no end"]);
  expect(of("stderr")).toEqual(numbered("err"));
});

test("killed at every step of a longer plan: what is done isn't done again", async () => {
  const section = (name: string) => `## step: ${name}\necho ${name} >> /ran; echo in ${name}; sleep 1.5\n`;
  const { snapshotId } = await publish({
    setupScript: section("one") + section("two") + section("three"),
    files: [{ path: "/given", content: "x" }],
    check: "echo checking; sleep 1.5; test \"$(cat /ran | tr '\\n' ' ')\" = 'one two three '",
  });
  for (const text of ["in one", "in two", "in three", "checking"]) {
    await logged(snapshotId, text);
    const next = kiln.startWorker();
    await (await workerOf(snapshotId)).kill();
    await next;
  }
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", attempt: 1, failure: null });
  const texts = (await storedLines(snapshotId)).map(({ text }) => text);
  for (const text of ["in one", "in two", "in three", "checking"])
    expect(texts.filter((line) => line === text)).toHaveLength(1);
  await until(
    "nothing of it to run",
    async () => (await containersOf(kiln.installation, snapshotId)).length === 0,
  );
});

test("a build that costs one worker after the other its life fails in the end", async () => {
  await aWorker();
  const { snapshotId } = await publish({ setupScript: "echo up; sleep 1000" });
  await logged(snapshotId, "up");
  await db().$executeRaw`UPDATE snapshots SET takeovers = 5 WHERE id = ${snapshotId}::uuid`;
  const next = kiln.startWorker();
  await (await workerOf(snapshotId)).kill();
  await next;
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "failed", attempt: 1, serving: false, image: null });
  expect(end.failure).toMatchObject({ code: "worker_lost" });
  expect(end.failure!.hint).not.toBe("");
  expect((await storedLines(snapshotId)).at(-1)?.text).toBe(end.failure!.message);
  await until("a sweep to take its container", async () => {
    await sweep(await db().worker.findFirstOrThrow(), createDockerEngine(), new Set());
    return (await containersOf(kiln.installation, snapshotId)).length === 0;
  });
});

test("its container was removed meanwhile: the step begins again as a new attempt, with a divider", async () => {
  await aWorker();
  const { snapshotId } = await publish({
    setupScript: `## step: first\necho first\n## step: second\n${ticking()}`,
  });
  await logged(snapshotId, "tick 3");
  const running = (await containersOf(kiln.installation, snapshotId)).filter(({ running }) => running);
  const next = kiln.startWorker();
  await (await workerOf(snapshotId)).kill();
  for (const { id } of running) await createDockerEngine().removeContainer(id);
  await next;
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", attempt: 2 });
  expect(await outputSince(snapshotId, /^──── Attempt 1 was lost\. Its sandbox was removed/)).toBe(allTicks);
  const texts = (await storedLines(snapshotId)).map(({ text }) => text);
  expect(texts.filter((text) => text === "first")).toHaveLength(1);
});

test("killed between capture and promotion: one image in the end (F02)", async () => {
  await aWorker();
  const helper = kiln.startWorker();
  const { snapshotId } = await publish({ setupScript: "true", check: "echo checking; sleep 2" });
  await logged(snapshotId, "checking");
  const [captured] = await imagesOf(kiln.installation, snapshotId);
  await (await workerOf(snapshotId)).kill();
  await helper;
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", attempt: 1 });
  // It was captured, and that isn't done again.
  expect(end.image!.id).toBe(captured);
  // As each worker does every minute.
  await sweep(await db().worker.findFirstOrThrow(), createDockerEngine(), new Set());
  expect(await imagesOf(kiln.installation, snapshotId)).toEqual([end.image!.id]);
  expect(await inImage(end.image!.reference, ["echo", "starts"])).toBe("starts\n");
});

test("killed inside the promoting transaction: rolled back, run again, the old one serves (F03)", async () => {
  await aWorker();
  const helper = kiln.startWorker();
  const { slug, ...first } = await built({ setupScript: "true" });
  const serving = () =>
    db().version.findFirstOrThrow({ where: { profile: { slug } }, select: { servingSnapshotId: true } });
  let snapshotId = "";
  await db().$transaction(
    async (tx) => {
      // Stands in the way of the pointer's move, and of nothing else.
      await tx.$queryRaw`SELECT id FROM versions WHERE serving_snapshot_id = ${first.id}::uuid FOR NO KEY UPDATE`;
      snapshotId = await refresh(slug);
      await until("the promotion to wait for the version", async () => {
        // Not in the transaction, which sees these statistics as they were at its first look.
        const waiting = await db().$queryRaw<
          unknown[]
        >`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY UPDATE OF v%' AND datname = current_database()`;
        return waiting.length > 0;
      });
      await (await workerOf(snapshotId)).kill();
    },
    { timeout: 30_000 },
  );
  expect((await serving()).servingSnapshotId).toBe(first.id);
  await helper;
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", serving: true, attempt: 1 });
});

test("frozen and back: what it writes affects nothing, and it removes only what is its own (F05)", async () => {
  await kiln.startWorker();
  const { snapshotId } = await publish({ setupScript: ticking() });
  await logged(snapshotId, "tick 3");
  const frozen = await workerOf(snapshotId);
  frozen.signal("SIGSTOP");
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", attempt: 1 });
  const lines = await storedLines(snapshotId);
  frozen.signal("SIGCONT");
  await until("it to notice", () => noticed(frozen, snapshotId));
  expect(await ended(snapshotId)).toEqual(end);
  expect(await storedLines(snapshotId)).toEqual(lines);
  expect(await output(snapshotId)).toBe(allTicks);
  // Whoever ended the build removes its container after that.
  await until(
    "no container to be left",
    async () => (await containersOf(kiln.installation, snapshotId)).length === 0,
  );
  expect(await imagesOf(kiln.installation, snapshotId)).toEqual([end.image!.id]);
  // And it is a worker like any other again.
  await Promise.all(kiln.workers.filter((worker) => worker !== frozen).map((worker) => worker.kill()));
  const next = await built({ setupScript: "echo goes on" });
  expect(next).toMatchObject({ status: "ready", worker: frozen.name });
});

test("frozen while the engine captures: the late image goes, the serving one keeps its name", async () => {
  await kiln.startWorker();
  const script = "mkdir /many; cd /many; seq 1 3000 | xargs touch";
  const { snapshotId } = await publish({ setupScript: script });
  await inStep(snapshotId, "capture");
  const frozen = await workerOf(snapshotId);
  frozen.signal("SIGSTOP");
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", attempt: 1 });
  frozen.signal("SIGCONT");
  await until("it to notice", () => noticed(frozen, snapshotId));
  await until(
    "one image to be left",
    async () => (await imagesOf(kiln.installation, snapshotId)).length === 1,
  );
  expect(await imagesOf(kiln.installation, snapshotId)).toEqual([end.image!.id]);
  expect(await inImage(end.image!.reference, ["ls", "/many/3000"])).toBe("/many/3000\n");
  await frozen.kill();
});

test("an end that can't be written down doesn't hold its snapshot for ever", async () => {
  await aWorker();
  const long = await publish({ setupScript: "sleep 1000" });
  await attempt(long.snapshotId, 1);
  await db().$executeRawUnsafe(`
    CREATE FUNCTION refuse_first_end() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'not now';
    END $$`);
  await db().$executeRawUnsafe(`
    CREATE TRIGGER refuse_end BEFORE UPDATE ON snapshots
    FOR EACH ROW WHEN (NEW.status = 'failed' AND NEW.fence = 1) EXECUTE FUNCTION refuse_first_end()`);
  const { snapshotId } = await publish({ setupScript: "exit 3" });
  // Meanwhile the same worker goes on renewing what it does hold. Its sandbox was gone, so the step was done again.
  const end = await ended(snapshotId, 30_000);
  expect(end).toMatchObject({ status: "failed", attempt: 2, failure: { code: "setup_failed", exitCode: 3 } });
  expect(await getSnapshot(long.snapshotId)).toMatchObject({ status: "running", attempt: 1 });
  await db().$executeRawUnsafe("DROP TRIGGER refuse_end ON snapshots");
});

test("no worker of this file had anything to say that it hadn't expected", () => {
  for (const worker of kiln.workers) expect(worker.noise).toEqual([]);
});
