/** Caches on the real engine: shared by builds, in no image, measured, cleared and swept. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clearCaches } from "@/lib/caches/clear.server";
import { listCaches } from "@/lib/caches/store.server";
import type { CacheWire } from "@/lib/caches/wire";
import { db } from "@/lib/db/client.server";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import { docker } from "@/worker/containers/docker/testing/engine";
import {
  built,
  ended,
  forgeSpec,
  logged,
  operator,
  output,
  publish,
  refresh,
  storedLines,
} from "@/worker/testing/builds";
import { inImage } from "@/worker/testing/images";
import { startKiln, type TestKiln, volumesOf } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker({ KILN_SWEEP_SECONDS: "1" });
});
afterAll(() => kiln.cleanUp());

const cacheOf = async (slug: string, path: string) =>
  (await listCaches(slug)).find((cache) => cache.path === path);
const cacheThat = (what: string, slug: string, path: string, holds: (cache: CacheWire) => boolean) =>
  until(what, async () => {
    const cache = await cacheOf(slug, path);
    return cache && holds(cache) ? cache : null;
  });
const volumeOf = async (slug: string) =>
  (await db().cache.findFirstOrThrow({ where: { profile: { slug } } })).volume;

describe("a cache", () => {
  test("keeps what one build wrote for the next one; no image, check or configuration has it", async () => {
    const script = "ls -A /cache/of; mkdir -p /cache/of/x; date +%s%N > /cache/of/x/file; echo kept > /kept";
    const first = await built({
      setupScript: `${script}\n## step: Again\nls -A /cache/of`,
      caches: ["/cache/of"],
      check: "ls -A /cache/of",
    });
    expect(first.failure).toBeNull();
    expect(await output(first.id, "setup:1")).toBe("");
    expect(await output(first.id, "setup:2")).toBe("x");
    expect(await output(first.id, "check")).toBe("");
    const second = await ended(await refresh(first.slug));
    expect(await output(second.id, "setup:1")).toBe("x");
    const { reference } = second.image!;
    expect(await inImage(reference, ["ls", "-A", "/cache/of"])).toBe("");
    const made = await docker.getImage(reference).inspect();
    expect(made.Config.Volumes ?? {}).toEqual({});
    const inspected = await docker.getVolume(await volumeOf(first.slug)).inspect();
    expect(inspected.Labels).toMatchObject({
      "dev.kiln.installation": kiln.installation,
      "dev.kiln.kind": "cache",
      "dev.kiln.owner": first.profileId,
    });
  });

  test("over a folder that the base image has: a build sees its files, and the image's own stay as they were", async () => {
    const base = await built({ setupScript: "mkdir -p /data; echo base > /data/own; chmod 700 /data" });
    const over = await built({
      baseImage: base.image!.reference,
      caches: ["/data"],
      setupScript: "cat /data/own; echo changed > /data/own; echo more > /data/more",
    });
    expect(over.failure).toBeNull();
    expect(await output(over.id)).toBe("base");
    const { reference } = over.image!;
    expect(await inImage(reference, ["sh", "-c", "cat /data/*; stat -c %a /data"])).toBe("base\n700\n");
    // Not even an empty layer: nothing of it was written where a commit looks.
    const layersOf = async (image: string) => (await docker.getImage(image).inspect()).RootFS.Layers;
    expect(await layersOf(reference)).toEqual(await layersOf(base.image!.reference));
    const again = await ended(await refresh(over.slug));
    expect(await output(again.id)).toBe("changed");
  });

  test("of another user is that user's, with the folders above it, also in the image", async () => {
    const snapshot = await built({
      user: "1000:1001",
      caches: ["/home/dev/.cache/tool"],
      setupScript: "echo mine > /home/dev/.cache/tool/file; echo other > /home/dev/.cache/other",
    });
    expect(snapshot.failure).toBeNull();
    expect(snapshot.steps.map(({ title, status }) => `${title} ${status}`)[2]).toBe("Cache folders done");
    const look = ["sh", "-c", "cd /home; stat -c '%u:%g %n' dev dev/.cache dev/.cache/*; ls dev/.cache/tool"];
    expect(await inImage(snapshot.image!.reference, look)).toBe(
      ["dev", "dev/.cache", "dev/.cache/other", "dev/.cache/tool"]
        .map((path) => `1000:1001 ${path}\n`)
        .join(""),
    );
  });

  test("is measured; asked to be cleared while a build uses it, it goes when that has ended", async () => {
    const write = "dd if=/dev/zero of=/c/file bs=1M count=3 2>/dev/null";
    const snapshot = await built({
      setupScript: `ls -A /c; ${write}; test -z "$LONG" || { echo up; sleep 1000; }`,
      caches: ["/c"],
    });
    const { slug } = snapshot;
    await cacheThat("its size", slug, "/c", ({ bytes }) => (bytes ?? 0) >= 3 * 1024 * 1024);
    await forgeSpec(slug, { env: { LONG: "1" } });
    const running = await refresh(slug);
    await logged(running, "up");
    await clearCaches(operator, slug, "/c");
    // Whatever the worker does about it: while the container is there the volume stays.
    await until("a sweep to have passed", async () => {
      const { sweepUntil } = await db().host.findFirstOrThrow({ where: { caches: { some: {} } } });
      return sweepUntil === null;
    });
    expect((await cacheOf(slug, "/c"))?.clearRequestedAt).not.toBeNull();
    await docker.getVolume(await volumeOf(slug)).inspect();
    await cancelSnapshot(operator, running);
    await ended(running);
    const cleared = await cacheThat(
      "it to be cleared",
      slug,
      "/c",
      ({ clearRequestedAt }) => !clearRequestedAt,
    );
    expect(cleared).toMatchObject({ bytes: 0, clearedAt: expect.any(String) });
    expect(await volumesOf(kiln.installation)).not.toContain(await volumeOf(slug));
    await forgeSpec(slug, { env: {} });
    expect(await output((await ended(await refresh(slug))).id)).toBe("");
  });

  test("that no version names any more is swept after a week, and forgotten", async () => {
    const { slug } = await built({ setupScript: "echo x > /c/file", caches: ["/c"] });
    const volume = await volumeOf(slug);
    const age = () =>
      db().$executeRaw`UPDATE caches SET used_at = now() - interval '8 days' WHERE volume = ${volume}`;
    await age();
    await cacheThat("a look after that", slug, "/c", ({ bytes }) => bytes !== null);
    expect(await volumesOf(kiln.installation)).toContain(volume);
    await forgeSpec(slug, { caches: [] });
    await until("it to go", async () => !(await volumesOf(kiln.installation)).includes(volume));
    await until("its row to go", async () => (await listCaches(slug)).length === 0);
  });
});

test("a second build goes on without a cache that can't be shared, and says so", async () => {
  const script =
    'mkdir -p /var/cache/apt; ls -A /var/cache/apt; touch /var/cache/apt/x; test -z "$LONG" || { echo up; sleep 1000; }';
  const first = await publish({ setupScript: script, caches: ["/var/cache/apt", "/c"], env: { LONG: "1" } });
  await logged(first.snapshotId, "up");
  const { id, spec } = await db().version.findFirstOrThrow({ where: { profile: { slug: first.slug } } });
  // Another version of the same profile, which may be built at the same time.
  await db().$executeRaw`
    INSERT INTO versions (id, profile_id, state, number, spec, published_at)
    SELECT gen_random_uuid(), profile_id, 'published', 2, ${JSON.stringify({ ...(spec as object), env: {} })}::jsonb, now()
    FROM versions WHERE id = ${id}::uuid`;
  await db().$executeRaw`UPDATE profiles SET version_count = 2 WHERE slug = ${first.slug}`;
  const second = await ended(await refresh(first.slug, 2));
  expect(second.status).toBe("ready");
  const lines = (await storedLines(second.id)).map(({ text }) => text);
  expect(lines).toContain("Caches: /c");
  expect(lines).toContain("Cache /var/cache/apt is in use by snapshot #1: this build goes on without it");
  expect(await output(second.id)).toBe("");
  await cancelSnapshot(operator, first.snapshotId);
  await ended(first.snapshotId);
  expect(await output((await ended(await refresh(first.slug, 2))).id)).toBe("x");
});
