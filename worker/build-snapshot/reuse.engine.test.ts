/** What a build needn't do again, and what it has to: on a real engine, told by marks that differ each time. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import type { SpecInput } from "@/lib/profiles/spec";
import { updateProfile } from "@/lib/profiles/update.server";
import { createSecret, rotateSecret } from "@/lib/secrets/change.server";
import { createSession } from "@/lib/sessions/create.server";
import { deleteSession } from "@/lib/sessions/delete.server";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { publishNext } from "@/prisma/factories/profiles";
import { createDockerEngine } from "@/worker/containers/docker";
import { docker } from "@/worker/containers/docker/testing/engine";
import { sweepNow } from "@/worker/sweep/sweep";
import { built, ended, operator, publish, refresh, storedLines } from "@/worker/testing/builds";
import { inImage } from "@/worker/testing/images";
import { imagesOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  for (const name of ["TAKEN", "ROTATED"])
    await createSecret(operator, { name, value: `taken-${randomBytes(9).toString("hex")}` });
  await kiln.startWorker();
});
afterAll(() => kiln.cleanUp());

/** A section that leaves another mark each time it runs. */
const section = (name: string, more = "") =>
  `## step: ${name}\nmkdir -p /mark; cat /proc/sys/kernel/random/uuid > /mark/${name}\n${more}\n`;
/** Nobody else's content, so that other tests' results can't be used. */
const own = () => `# ${randomBytes(6).toString("hex")}`;

/** Three sections, of which only the last one differs. */
function scripts(): (last: string) => string {
  const before = section("one", own()) + section("two");
  return (last) => before + section("three", last);
}

/** The next version, at its end. */
async function next(slug: string, parts: Partial<SpecInput> = {}): Promise<SnapshotWire> {
  return ended((await publishNext(slug, parts)).snapshot.id);
}

/** What each section of an image left, by its name. */
async function marks(snapshot: SnapshotWire): Promise<Record<string, string>> {
  expect(snapshot).toMatchObject({ status: "ready", failure: null });
  const said = await inImage(snapshot.image!.id, ["/bin/sh", "-c", "cd /mark; grep . *"]);
  const lines = said
    .trim()
    .split("\n")
    .map((line) => line.split(":"));
  return Object.fromEntries(lines.map(([name = "", mark = ""]) => [name, mark]));
}

/** Number of the snapshot that did it, for each part of the script. */
const origins = ({ steps }: SnapshotWire) =>
  steps.filter(({ name }) => name.startsWith("setup")).map(({ reusedFrom }) => reusedFrom);
/** The worker may be at one of its own. */
const swept = async () => {
  const worker = await db().worker.findFirstOrThrow();
  await until("a sweep", () => sweepNow(worker, createDockerEngine()));
};
const isThere = (image: string) =>
  docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
const layersOf = async (snapshotId: string) =>
  (await db().layer.findMany({ where: { snapshotId }, orderBy: { createdAt: "asc" } })).map(
    ({ imageId }) => imageId,
  );

async function startsFrom(slug: string, version: number): Promise<void> {
  const session = await createSession(operator, { profile: slug, version, env: {}, wait: "running" });
  expect(session).toMatchObject({ status: "running", failure: null });
  await deleteSession(operator, session.id);
}

test.concurrent("publishing does what is new, and what comes after that", async () => {
  const script = scripts();
  const files = [{ path: "/given", content: "1" }];
  const first = await built({ setupScript: script("# a"), files });
  const { slug } = first;
  expect(origins(first)).toEqual([null, null, null]);

  const same = await next(slug);
  expect(same).toMatchObject({ status: "ready", serving: true, image: { id: first.image!.id } });
  expect(origins(same)).toEqual([1, 1, 1]);
  expect(same.image!.reference).not.toBe(first.image!.reference);
  const { RepoTags } = await docker.getImage(first.image!.id).inspect();
  expect(RepoTags.sort()).toEqual([first.image!.reference, same.image!.reference].sort());
  await Promise.all([startsFrom(slug, 1), startsFrom(slug, 2)]);
  const said = (await storedLines(same.id)).map(({ text }) => text);
  expect(said.filter((text) => text.includes("since snapshot #1"))).toHaveLength(3);

  const third = await next(slug, { setupScript: script("# b") });
  expect(origins(third)).toEqual([1, 1, null]);
  const [was, is] = [await marks(first), await marks(third)];
  expect([is.one === was.one, is.two === was.two, is.three === was.three]).toEqual([true, true, false]);

  const fourth = await next(slug, { files: [{ path: "/given", content: "2" }] });
  expect(origins(fourth)).toEqual([null, null, null]);
  for (const mark of Object.values(await marks(fourth))) expect(Object.values(is)).not.toContain(mark);
  expect(await inImage(fourth.image!.id, ["cat", "/given"])).toBe("2");

  // Back to what there was: the number tells who did it.
  const fifth = await next(slug, { files, setupScript: script("# a") });
  expect(origins(fifth)).toEqual([1, 1, 1]);
  expect(await marks(fifth)).toEqual(was);
});

test.concurrent("a full refresh does everything again; a publish after it starts from that", async () => {
  const first = await built({ setupScript: section("one", own()) + section("two") });
  const again = await ended(await refresh(first.slug));
  expect(origins(again)).toEqual([null, null]);
  const [was, is] = [await marks(first), await marks(again)];
  expect([is.one === was.one, is.two === was.two]).toEqual([false, false]);
  const second = await next(first.slug);
  expect(origins(second)).toEqual([2, 2]);
  expect(second.image!.id).toBe(again.image!.id);
});

test.concurrent("what went well before a failure isn't done again; of the failed step nothing is used", async () => {
  const script = scripts();
  const failed = await built({ setupScript: script("exit 3") });
  expect(failed).toMatchObject({ status: "failed", failure: { code: "setup_failed", step: "setup:3" } });
  expect(await layersOf(failed.id)).toHaveLength(2);
  const fixed = await next(failed.slug, { setupScript: script("true") });
  expect(fixed.status).toBe("ready");
  expect(origins(fixed)).toEqual([1, 1, null]);
});

test.concurrent("a result whose image was deleted behind Kiln's back is made again", async () => {
  const script = scripts();
  const failed = await built({ setupScript: script("exit 3") });
  const [one = "", two = ""] = await layersOf(failed.id);
  await docker.getImage(two).remove({ noprune: true });
  const fixed = await next(failed.slug, { setupScript: script("true") });
  expect(fixed).toMatchObject({ status: "ready", attempt: 1 });
  expect(origins(fixed)).toEqual([1, null, null]);
  expect(await db().layer.count({ where: { imageId: two } })).toBe(0);
  expect(await isThere(one)).toBe(true);
});

test.concurrent("the environment, and a secret that a program takes, are part of what was done; another secret isn't", async () => {
  const setupScript = section("one", own()) + section("two");
  const plain = await built({ setupScript });
  const secret = await built({ setupScript, secrets: ["ROTATED"] });
  expect(origins(secret)).toEqual([null, null]);
  expect(origins(await next(secret.slug))).toEqual([1, 1]);
  await rotateSecret(operator, { name: "ROTATED", value: `other-${randomBytes(9).toString("hex")}` });
  expect(origins(await next(secret.slug))).toEqual([null, null]);
  expect(origins(await next(plain.slug))).toEqual([1, 1]);
  expect(origins(await next(plain.slug, { env: { A: "1" } }))).toEqual([null, null]);
  expect(origins(await next(plain.slug, { check: "test -f /mark/two" }))).toEqual([3, 3]);
});

test.concurrent("two at once that do the same: both are whole, and the next one uses what is there", async () => {
  const setupScript = section("one", `${own()}\nsleep 1`) + section("two");
  const builds = await Promise.all([publish({ setupScript }), publish({ setupScript })]);
  const [one, other] = await Promise.all(builds.map(({ snapshotId }) => ended(snapshotId)));
  for (const snapshot of [one!, other!]) expect(Object.keys(await marks(snapshot))).toEqual(["one", "two"]);
  const third = await built({ setupScript });
  expect([one!.image!.id, other!.image!.id]).toContain(third.image!.id);
});

test("an image that versions share stays for the last of them, and goes with all of its names", async () => {
  const first = await built({ setupScript: section("one", own()) });
  const { slug } = first;
  await updateProfile(operator, slug, { keepSnapshots: 1 });
  const second = await next(slug);
  const shared = first.image!.id;
  expect(second.image!.id).toBe(shared);
  expect((await ended(await refresh(slug, 1))).status).toBe("ready");
  await swept();
  expect(await ended(first.id)).toMatchObject({ status: "removed", image: null });
  expect(await isThere(shared)).toBe(true);
  await startsFrom(slug, 2);
  expect((await ended(await refresh(slug, 2))).status).toBe("ready");
  await swept();
  expect(await ended(second.id)).toMatchObject({ status: "removed", image: null });
  for (const name of [shared, first.image!.reference, second.image!.reference])
    expect(await isThere(name), name).toBe(false);
});

test("results that nobody used lately go, but none that a ready snapshot was made from", async () => {
  const ready = await built({ setupScript: section("one", own()) + section("two") });
  const failed = await built({ setupScript: section("one", own()) + section("two", "exit 3") });
  const [under = ""] = await layersOf(ready.id);
  const [loose = ""] = await layersOf(failed.id);
  await swept();
  expect([await isThere(under), await isThere(loose)]).toEqual([true, true]);
  await db().$executeRaw`
    UPDATE layers SET used_at = now() - interval '25 hours' WHERE snapshot_id IN (${ready.id}::uuid, ${failed.id}::uuid)`;
  await swept();
  expect([await isThere(under), await isThere(loose)]).toEqual([true, false]);
  expect(await isThere(ready.image!.id)).toBe(true);
  expect(await layersOf(failed.id)).toEqual([]);
  expect(origins(await next(ready.slug))).toEqual([1, 1]);
});

describe("a secret that got into a step's result", () => {
  const leaking = () => section("one", `${own()}\nprintf '%s' "$TAKEN" > /srv-leak`);

  test.concurrent("leaves nothing to be used again", async () => {
    const one = leaking();
    const leaked = await built({ setupScript: one + section("two"), secrets: ["TAKEN"] });
    expect(leaked).toMatchObject({ status: "failed", failure: { code: "secret_leaked" } });
    expect(await layersOf(leaked.id)).toEqual([]);
    const fixed = await next(leaked.slug, { setupScript: one + section("two", "rm /srv-leak") });
    expect(origins(fixed)).toEqual([null, null]);
  });

  test.concurrent("neither in what an earlier build kept before it failed at something else", async () => {
    const one = leaking();
    const failed = await built({ setupScript: one + section("two", "exit 3"), secrets: ["TAKEN"] });
    expect(failed).toMatchObject({ status: "failed", failure: { code: "setup_failed" } });
    // Nobody has looked for the secret in what the first step left, so it is gone with the build (I10).
    expect(await layersOf(failed.id)).toEqual([]);
    await until(
      "its images to be gone",
      async () => (await imagesOf(kiln.installation, failed.id)).length === 0,
    );
    const leaked = await next(failed.slug, { setupScript: one + section("two") });
    expect(leaked).toMatchObject({ status: "failed", failure: { code: "secret_leaked" } });
    expect(origins(leaked)).toEqual([null, null]);
    expect(await layersOf(leaked.id)).toEqual([]);
  });
});
