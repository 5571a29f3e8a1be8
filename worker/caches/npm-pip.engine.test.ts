/** The real npm and pip, with a registry and an index of the test's own: what caches spare them, and what their failures say. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clearCaches } from "@/lib/caches/clear.server";
import { listCaches } from "@/lib/caches/store.server";
import type { SpecInput } from "@/lib/profiles/spec";
import { BOOKWORM } from "@/worker/containers/docker/testing/engine";
import { built, ended, operator, output, refresh } from "@/worker/testing/builds";
import { inImage } from "@/worker/testing/images";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { brokenSource, npmPackage, wheel } from "@/worker/testing/made-packages";
import { type PackageIndex, servePackages } from "@/worker/testing/package-index";
import { until } from "@/worker/testing/until";

/** The containers are given this machine's node. */
describe.runIf(process.platform === "linux")("npm and pip", () => {
  let kiln: TestKiln;
  let index: PackageIndex;
  let spec: Partial<SpecInput>;
  beforeAll(async () => {
    kiln = await startKiln();
    await kiln.startWorker({ KILN_SWEEP_SECONDS: "1" });
    index = await servePackages({
      npm: [
        await npmPackage("kiln-hello", "1.0.0"),
        await npmPackage("kiln-gone", "1.0.0"),
        await npmPackage("kiln-broken", "1.0.0", { postinstall: "echo no compiler here; exit 3" }),
      ],
      pip: [
        wheel("kiln-hello", "1.0.0"),
        wheel("kiln-gone", "1.0.0"),
        await brokenSource("kiln-broken", "1.0.0"),
      ],
      missing: new Set(["kiln-gone-1.0.0.tgz", "kiln_gone-1.0.0-py3-none-any.whl"]),
    });
    const large = { resources: { cpus: 2, memoryMb: 1024, pids: 256 }, network: "bridge" as const };
    const packages = { apt: ["python3-pip"] };
    const base = await built(
      { baseImage: BOOKWORM, ...large, packages, setupScript: index.installNode },
      240_000,
    );
    expect(base.failure).toBeNull();
    spec = { baseImage: base.image!.reference, ...large, env: index.env };
  }, 300_000);
  afterAll(async () => {
    await index.stop();
    await kiln.cleanUp();
  });

  const hello = { npm: ["kiln-hello"], pip: ["kiln-hello"] };
  const files = ["kiln-hello-1.0.0.tgz", "kiln_hello-1.0.0-py3-none-any.whl"];
  /** What was sent while this was done. */
  const downloadsOf = async <T>(work: () => Promise<T>): Promise<[T, string[]]> => {
    const before = index.downloads.length;
    const result = await work();
    return [result, index.downloads.slice(before)];
  };
  const again = (slug: string) => downloadsOf(async () => ended(await refresh(slug)));

  test("download nothing that a cache has; no image has what is cached; a cleared cache is filled again", async () => {
    const caches = ["/root/.npm", "/root/.cache/pip"];
    const [first, cold] = await downloadsOf(() => built({ ...spec, packages: hello, caches }));
    expect(first.failure).toBeNull();
    expect(cold).toEqual(files);
    const [second, warm] = await again(first.slug);
    expect(second.failure).toBeNull();
    expect(await output(second.id, "packages:npm")).toContain("added 1 package");
    expect(await output(second.id, "packages:pip")).toContain("Successfully installed kiln-hello-1.0.0");
    expect(warm).toEqual([]);
    for (const { image } of [first, second]) {
      const shell = (script: string) => inImage(image!.reference, ["sh", "-c", script]);
      expect(await shell("kiln-hello; python3 -m kiln_hello")).toBe(
        "kiln-hello 1.0.0 of npm\nkiln-hello 1.0.0 of pip\n",
      );
      expect(await shell("find /root -type f -newer /usr/local/bin/npm")).toBe("");
      expect(await shell("ls -A /root/.npm /root/.cache/pip")).toBe("/root/.cache/pip:\n\n/root/.npm:\n");
    }
    await clearCaches(operator, first.slug);
    await until("both to be cleared", async () =>
      (await listCaches(first.slug)).every(({ clearedAt }) => clearedAt !== null),
    );
    const [, cleared] = await again(first.slug);
    expect(cleared).toEqual(files);
  });

  test("without caches leave nothing of what they downloaded in the image", async () => {
    const snapshot = await built({ ...spec, packages: hello });
    expect(snapshot.failure).toBeNull();
    const found = await inImage(snapshot.image!.reference, [
      "sh",
      "-c",
      "find /root -type f -newer /usr/local/bin/npm",
    ]);
    expect(found).toBe("");
  });

  test("of a profile whose user isn't root: what Kiln installs as root and what the user does share a cache", async () => {
    const cached = { NPM_CONFIG_CACHE: "/home/dev/npm", PIP_CACHE_DIR: "/home/dev/cache/pip" };
    const script = [
      "cd /tmp",
      "npm install kiln-hello",
      "pip3 install --break-system-packages --target /tmp/own kiln-hello 2>&1",
      "stat -c '%u %n' /home/dev/npm/_cacache /home/dev/cache/pip",
    ].join("\n");
    const profile = { user: "1000:1000", caches: ["/home/dev/npm", "/home/dev/cache"] };
    const env = { ...index.env, ...cached };
    const first = await built({ ...spec, ...profile, env, packages: hello, setupScript: script });
    expect(first.failure).toBeNull();
    const [second, warm] = await again(first.slug);
    expect(second.failure).toBeNull();
    expect(warm).toEqual([]);
    const said = await output(second.id);
    expect(said).not.toContain("cache has been disabled");
    expect(said).toContain("1000 /home/dev/npm/_cacache\n1000 /home/dev/cache/pip");
  });

  const unreachable = { NPM_CONFIG_REGISTRY: "http://127.0.0.1:9/", NPM_CONFIG_FETCH_RETRIES: "0" };
  const noIndex = { PIP_INDEX_URL: "http://127.0.0.1:9/simple/", PIP_RETRIES: "1" };
  test.for([
    { npm: ["kiln-hello", "no-such-thing"], says: "There is no package no-such-thing." },
    { npm: ["kiln-hello@9"], says: "There is no version kiln-hello@9." },
    { npm: ["kiln-hello", "kiln-gone"], says: "The registry tells of kiln-gone, but doesn't have its file." },
    { npm: ["kiln-hello", "kiln-broken"], says: "The install script of kiln-broken failed." },
    { npm: ["kiln-hello"], env: unreachable, says: "http://127.0.0.1:9/kiln-hello could not be fetched." },
    { pip: ["kiln-hello", "no-such-thing"], says: "There is no package no-such-thing for this Python." },
    { pip: ["kiln-hello==9"], says: "There is no package kiln-hello==9 for this Python." },
    { pip: ["kiln-hello", "kiln-gone"], says: "The index tells of kiln-gone, but doesn't have its file." },
    {
      pip: ["kiln-broken", "kiln-hello"],
      says: "kiln-broken has to be built from its source here, and that failed.",
    },
    { pip: ["kiln-hello"], env: noIndex, says: "/simple/kiln-hello/ could not be fetched from the index." },
  ])("name what is wrong: $says", async ({ npm, pip, env = index.env, says }) => {
    const snapshot = await built({
      ...spec,
      env,
      packages: { ...(npm ? { npm } : {}), ...(pip ? { pip } : {}) },
    });
    const manager = npm ? "npm" : "pip";
    const message = `${manager}: ${says}`;
    expect(snapshot.failure, await output(snapshot.id, `packages:${manager}`)).toMatchObject({
      code: "plan_failed",
      step: `packages:${manager}`,
      message,
    });
  });
});
