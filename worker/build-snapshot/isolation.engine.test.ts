/** What a build's container may do: asked of the engine while it runs, and tried from inside. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import { docker } from "@/worker/containers/docker/testing/engine";
import { built, ended, logged, operator, output, publish } from "@/worker/testing/builds";
import { containersOf, startKiln, type TestKiln } from "@/worker/testing/installation";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
});
afterAll(() => kiln.cleanUp());

const allowed = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETGID", "SETUID"];

test.for(["build", "check"])(
  "a live %s container: limits, capabilities, no privileges, no mounts of the host",
  async (kind) => {
    const waits = "echo here; sleep 1000";
    const { snapshotId } = await publish({
      setupScript: kind === "build" ? waits : "true",
      check: kind === "check" ? waits : "",
      caches: ["/cache"],
      resources: { cpus: 0.5, memoryMb: 64, pids: 40 },
      network: "bridge",
    });
    await logged(snapshotId, "here");
    const [container] = await containersOf(kiln.installation, snapshotId).then((all) =>
      all.filter(({ running }) => running),
    );
    expect(container?.name).toBe(`kiln-${kind}-${snapshotId}-1`);
    const {
      HostConfig: host,
      Config: config,
      Mounts: mounts,
    } = await docker.getContainer(container!.id).inspect();
    expect(host).toMatchObject({
      Privileged: false,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      Memory: 64 * 1024 * 1024,
      MemorySwap: 64 * 1024 * 1024,
      NanoCpus: 500_000_000,
      PidsLimit: 40,
      NetworkMode: "bridge",
      PidMode: "",
      UTSMode: "",
      UsernsMode: "",
      CgroupParent: "",
      Binds: null,
      VolumesFrom: null,
      Links: null,
      ExtraHosts: null,
      GroupAdd: null,
      PublishAllPorts: false,
      ReadonlyPaths: expect.arrayContaining(["/proc/sys", "/proc/sysrq-trigger"]),
      MaskedPaths: expect.arrayContaining(["/proc/kcore", "/sys/firmware"]),
    });
    expect(host.PortBindings ?? {}).toEqual({});
    expect(host.Sysctls ?? {}).toEqual({});
    expect(host.CapAdd?.map((name: string) => name.replace(/^CAP_/, "")).sort()).toEqual(allowed);
    expect(["private", "shareable", ""]).toContain(host.IpcMode);
    expect(host.Devices ?? []).toEqual([]);
    // A script comes through it, once; it is closed before the script begins.
    expect([config.OpenStdin, config.StdinOnce, config.Tty]).toEqual([
      kind === "build",
      kind === "build",
      false,
    ]);
    expect(Object.keys(host.Tmpfs ?? {})).toEqual(kind === "build" ? ["/run/kiln"] : []);
    expect(mounts.map(({ Type, Destination }) => `${Type} ${Destination}`)).toEqual(
      kind === "build" ? ["volume /cache"] : [],
    );
    await cancelSnapshot(operator, snapshotId);
    await ended(snapshotId);
  },
);

test("from inside: few capabilities, no new privileges, no socket of the engine, nothing to mount or to set", async () => {
  const snapshot = await built({
    resources: { cpus: 1, memoryMb: 64, pids: 40 },
    setupScript: [
      "grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status | tr '\\t' ' '",
      "ls /var/run/docker.sock /run/docker.sock 2>/dev/null | wc -l",
      "mount -t tmpfs none /mnt 2>/dev/null && echo mounted || echo refused",
      "echo 1 2>/dev/null > /proc/sys/kernel/panic && echo set || echo refused",
      "mknod /disk b 8 0 2>/dev/null && echo made || echo refused",
      "chroot / true 2>/dev/null && echo changed || echo refused",
      "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max",
      "env | grep -iE 'database|kiln|docker|secret' | wc -l",
    ].join("\n"),
  });
  expect(snapshot.failure).toBeNull();
  const said = (await output(snapshot.id)).split("\n");
  const bits = [0, 1, 3, 4, 6, 7]
    .reduce((mask, bit) => mask | (1 << bit), 0)
    .toString(16)
    .padStart(16, "0");
  expect(said).toEqual([
    `CapEff: ${bits}`,
    `CapBnd: ${bits}`,
    "NoNewPrivs: 1",
    "Seccomp: 2",
    "0",
    "refused",
    "refused",
    "refused",
    "refused",
    String(64 * 1024 * 1024),
    "0",
  ]);
});
