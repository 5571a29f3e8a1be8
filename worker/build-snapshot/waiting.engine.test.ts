/** A sandbox that waits for the next edit: who gets it, who doesn't, and that nothing of it is left. */
import { randomBytes } from "node:crypto";
import { afterAll, afterEach, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import type { SpecInput } from "@/lib/profiles/spec";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import { publishNext } from "@/prisma/factories/profiles";
import { createDockerEngine } from "@/worker/containers/docker";
import { docker } from "@/worker/containers/docker/testing/engine";
import { sweepNow } from "@/worker/sweep/sweep";
import { built, ended, logged, operator, output, publish, refresh } from "@/worker/testing/builds";
import { inImage } from "@/worker/testing/images";
import { containersOf, imagesOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import type { WorkerProcess } from "@/worker/testing/worker-process";
import { isWaiting } from "./waiting-name";

const kiln: TestKiln = await startKiln();
let worker: WorkerProcess = await kiln.startWorker({ KILN_EDIT_MINUTES: "5" });
const again = async () => {
  worker = await kiln.startWorker({ KILN_EDIT_MINUTES: "5" });
};
// The worker finds out by itself.
afterEach(async () => {
  for (const { id } of await waiting()) await docker.getContainer(id).remove({ force: true });
});
afterAll(() => kiln.cleanUp());

const waiting = async () => (await containersOf(kiln.installation)).filter(({ name }) => isWaiting(name));
/** The one that runs, and waits for a build of the profile with this mark; another test's may still be made. */
const ahead = (mark: string) =>
  until("a sandbox to wait", async () => {
    for (const { id, running } of await waiting())
      if (running && (await docker.getContainer(id).inspect()).Config.Env.includes(`MARK=${mark}`)) return id;
    return null;
  });
const own = () => `: ${randomBytes(6).toString("hex")}`;
const script = (first: string, last: string) =>
  `## step: one\n${first}\necho one > /one\n## step: two\n${last}\n`;

async function next(slug: string, parts: Partial<SpecInput>): Promise<string> {
  return (await publishNext(slug, parts)).snapshot.id;
}

/** What a snapshot's last step ran in. */
async function ranIn(snapshotId: string, name = "setup:2"): Promise<string | null> {
  const step = await db().snapshotStep.findFirstOrThrow({ where: { snapshotId, name } });
  return step.containerId;
}

test("a change of the last step runs in the one that waits, and another one waits afterwards", async () => {
  const first = own();
  const { slug } = await built({ env: { MARK: first }, setupScript: script(first, "echo a > /two") });
  const id = await ahead(first);
  const { HostConfig, Config } = await docker.getContainer(id).inspect();
  expect(HostConfig).toMatchObject({ Memory: 128 * 1024 * 1024, PidsLimit: 64, NetworkMode: "none" });

  const second = await next(slug, {
    setupScript: script(first, "cat /one; read -r x || echo none; echo b > /two"),
  });
  expect(await ended(second)).toMatchObject({ status: "ready", failure: null, attempt: 1, serving: true });
  expect(await ranIn(second)).toBe(id);
  expect(await output(second, "setup:2")).toBe("one\nnone");
  const [image = ""] = await imagesOf(kiln.installation, second);
  expect(await inImage(image, ["/bin/sh", "-c", "cat /one /two; ls -A /run/kiln 2>/dev/null"])).toBe(
    "one\nb\n",
  );
  const kept = await docker.getImage(image).inspect();
  expect(kept.Config.Entrypoint).not.toEqual(Config.Entrypoint);

  const another = await ahead(first);
  expect(another).not.toBe(id);
  // Nothing changed: nothing runs, and it goes on waiting.
  expect(await ended(await next(slug, {}))).toMatchObject({ status: "ready" });
  expect(await ahead(first)).toBe(another);
});

test("a step that failed is tried again in one that waits where it began", async () => {
  const first = own();
  const { slug, snapshotId } = await publish({
    env: { MARK: first },
    setupScript: script(first, "echo broken; exit 3"),
  });
  expect(await ended(snapshotId)).toMatchObject({ status: "failed", failure: { exitCode: 3 } });
  const id = await ahead(first);
  const second = await next(slug, { setupScript: script(first, "exit 125") });
  // As one ends that was given no script: it is run once more, in one of its own.
  expect(await ended(second)).toMatchObject({
    status: "failed",
    failure: { code: "setup_failed", exitCode: 125 },
  });
  await ahead(first);
  const third = await next(slug, { setupScript: script(first, "echo mended") });
  expect(await ended(third)).toMatchObject({ status: "ready", attempt: 1 });
  expect(await ranIn(third)).not.toBe(id);
});

test("another limit, an earlier step that changed, and a refresh have containers of their own", async () => {
  const first = own();
  const { slug } = await built({ env: { MARK: first }, setupScript: script(first, "true") });
  const id = await ahead(first);
  const resources = { cpus: 1, memoryMb: 96, pids: 64 };
  const limited = await next(slug, { setupScript: script(first, ": 1"), resources });
  expect(await ended(limited)).toMatchObject({ status: "ready" });
  const earlier = await next(slug, { setupScript: script(own(), ": 2"), resources });
  expect(await ended(earlier)).toMatchObject({ status: "ready" });
  const refreshed = await refresh(slug);
  expect(await ended(refreshed)).toMatchObject({ status: "ready" });
  for (const one of [limited, earlier, refreshed]) expect(await ranIn(one)).not.toBe(id);
});

test("one that has gone meanwhile is done without; of two builds at once one has it", async () => {
  const first = own();
  const { slug } = await built({ env: { MARK: first }, setupScript: script(first, "true") });
  await docker.getContainer(await ahead(first)).remove({ force: true });
  const second = await next(slug, { setupScript: script(first, ": 1") });
  expect(await ended(second)).toMatchObject({ status: "ready", attempt: 1 });
  const id = await ahead(first);
  const both = [await next(slug, { setupScript: script(first, ": 2") })];
  both.push(await next(slug, { setupScript: script(first, ": 3") }));
  for (const one of both) expect(await ended(one)).toMatchObject({ status: "ready", attempt: 1 });
  const containers = await Promise.all(both.map((one) => ranIn(one)));
  expect(containers.filter((one) => one === id)).toHaveLength(1);
});

test("its worker is killed: while it waits it ends, and a sweep takes it; while it works another worker goes on with it", async () => {
  const first = own();
  const { slug } = await built({ env: { MARK: first }, setupScript: script(first, "true") });
  const id = await ahead(first);
  const counting = "for i in $(seq 1 200); do echo line $i; sleep 0.02; done";
  const second = await next(slug, { setupScript: script(first, counting) });
  await logged(second, "line 20");
  const sweepHere = async () => {
    const row = await db().worker.findFirstOrThrow({ where: { name: worker.name } });
    await until("a sweep", () => sweepNow(row, createDockerEngine()));
  };
  await sweepHere();
  await worker.kill();
  await again();
  await sweepHere();
  expect(await ended(second)).toMatchObject({ status: "ready", attempt: 1 });
  expect(await ranIn(second)).toBe(id);
  const lines = Array.from({ length: 200 }, (_, index) => `line ${index + 1}`);
  expect(await output(second, "setup:2")).toBe(lines.join("\n"));

  const idle = await ahead(first);
  await worker.kill();
  await until("it to end", async () => (await waiting()).every(({ id, running }) => id !== idle || !running));
  await db().worker.updateMany({ where: { name: worker.name }, data: { status: "stopped" } });
  await again();
  await until("a sweep to take it", async () => (await waiting()).every(({ id }) => id !== idle));
});

test("cancelled while its worker is lost: it counts as enforced when the container that waited for it is gone", async () => {
  const first = own();
  const { slug } = await built({ env: { MARK: first }, setupScript: script(first, "true") });
  const id = await ahead(first);
  const second = await next(slug, { setupScript: script(first, "echo up; sleep 1000") });
  await logged(second, "up");
  await worker.kill();
  await cancelSnapshot(operator, second);
  const isThere = async () => (await containersOf(kiln.installation)).some((one) => one.id === id);
  expect(await isThere()).toBe(true);
  await again();
  const enforced = async () =>
    (await db().snapshot.findUniqueOrThrow({ where: { id: second } })).cancelEnforcedAt !== null;
  await until("the cancellation to be enforced", enforced, 60_000);
  expect(await isThere()).toBe(false);
});

test("a worker that leaves takes it along", async () => {
  const first = own();
  await built({ env: { MARK: first }, setupScript: first });
  await ahead(first);
  worker.signal("SIGTERM");
  expect(await worker.exited).toMatchObject({ code: 0 });
  expect(await waiting()).toEqual([]);
});
