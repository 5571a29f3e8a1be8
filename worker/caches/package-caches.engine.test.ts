/** Package managers and their caches: nothing of Kiln's or of the image's empties what a cache covers. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { listCaches } from "@/lib/caches/store.server";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { BOOKWORM, docker } from "@/worker/containers/docker/testing/engine";
import { built, ended, output, refresh } from "@/worker/testing/builds";
import { inImage } from "@/worker/testing/images";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
});
afterAll(() => kiln.cleanUp());

const large = { resources: { cpus: 2, memoryMb: 1024, pids: 256 }, network: "bridge" as const };

/** What images for containers come with, and a hook of somebody's own. */
const hooks = `cat > /etc/apt/apt.conf.d/docker-clean <<'END'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";
END
echo 'DPkg::Post-Invoke { "echo ran >> /hooked"; };' > /etc/apt/apt.conf.d/99own
rm -rf /var/lib/apt/lists/*`;

const expectPlain = async ({ image }: SnapshotWire) => {
  const { reference } = image!;
  const shell = (text: string) => inImage(reference, ["sh", "-c", text]);
  expect(await shell("find /var/cache/apt /var/lib/apt/lists -type f")).toBe("");
  expect(await shell("ls -A /run/kiln 2>/dev/null | wc -l")).toBe("0\n");
  expect(await shell("ls /etc/apt/apt.conf.d")).toContain("docker-clean");
  expect(await shell("apt-config dump DPkg::Post-Invoke")).toContain("rm -f");
  expect(await shell("sort -u /hooked")).toBe("ran\n");
  const { Config } = await docker.getImage(reference).inspect();
  expect((Config.Env ?? []).filter((entry: string) => !entry.startsWith("PATH="))).toEqual([]);
};

test("apt: packages and setup scripts find what an earlier build downloaded, and the image is the same as without", async () => {
  const base = await built({ baseImage: BOOKWORM, ...large, setupScript: hooks }, 120_000);
  expect(base.failure).toBeNull();
  const spec = {
    baseImage: base.image!.reference,
    ...large,
    packages: { apt: ["hello"] },
    setupScript:
      "apt-get update\napt-get install -y --no-install-recommends tree\nls /var/cache/apt/archives",
  };
  const first = await built({ ...spec, caches: ["/var/cache/apt", "/var/lib/apt/lists"] }, 240_000);
  expect(first.failure).toBeNull();
  expect(await output(first.id, "packages:apt")).toMatch(/^Need to get [1-9][\d.]* kB of archives/m);
  expect(await output(first.id)).toMatch(/^Need to get [1-9][\d.]* kB of archives/m);
  expect(await output(first.id)).toMatch(/^hello_.*\.deb$/m);
  const second = await ended(await refresh(first.slug), 240_000);
  expect(second.failure).toBeNull();
  for (const step of ["packages:apt", "setup"] as const) {
    const said = await output(second.id, step);
    expect(said).toMatch(/^Need to get 0 B\/[\d.]+ kB of archives/m);
    // Lists are asked for, and those that haven't changed aren't fetched.
    expect(said).toContain("InRelease");
    expect(said).not.toMatch(/^Get:\d+ .* Packages /m);
  }
  await expectPlain(second);
  const installed = (one: SnapshotWire) => inImage(one.image!.reference, ["dpkg-query", "--show"]);
  const without = await built(spec, 240_000);
  expect(await installed(second)).toBe(await installed(without));
  await until("their sizes", async () => {
    const caches = await listCaches(first.slug);
    return caches.length === 2 && caches.every(({ bytes }) => (bytes ?? 0) > 50_000);
  });
}, 600_000);

test("npm and pip keep what a cache covers, and clean up what none does", async () => {
  // Programs that say what they are told, in the place of hundreds of megabytes of the real ones.
  const tool = (name: string, text: string) =>
    `cat > /bin/${name} <<'END'\n#!/bin/sh\n${text}\nEND\nchmod +x /bin/${name}`;
  const base = await built({
    setupScript: [
      "mkdir -p /root",
      tool(
        "npm",
        'if [ "$1 $2" = "config get" ]; then echo "$HOME/.npm"; else echo "npm $1 $2" >> /said; fi',
      ),
      tool("pip3", 'echo "pip without a cache: $' + '{PIP_NO_CACHE_DIR:-no}" >> /said'),
    ].join("\n"),
  });
  expect(base.failure).toBeNull();
  const said = async (caches: string[]) => {
    const snapshot = await built({
      baseImage: base.image!.reference,
      network: "bridge",
      packages: { npm: ["a"], pip: ["b"] },
      caches,
    });
    expect(snapshot.failure).toBeNull();
    return inImage(snapshot.image!.reference, ["cat", "/said"]);
  };
  const install = "npm install --global\n";
  expect(await said([])).toBe(`${install}npm cache clean\npip without a cache: 1\n`);
  expect(await said(["/root/.npm", "/root/.cache"])).toBe(`${install}pip without a cache: no\n`);
  expect(await said(["/root/.cache/pip"])).toBe(`${install}npm cache clean\npip without a cache: no\n`);
});
