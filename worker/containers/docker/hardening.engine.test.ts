import { afterAll, expect, test } from "vitest";
import { docker, testInstallation } from "./testing/engine";

const { create, run, own, cleanUp } = testInstallation();
afterAll(cleanUp);

/** Bits of the kernel's capability mask. */
const BITS = { CHOWN: 0, DAC_OVERRIDE: 1, FOWNER: 3, FSETID: 4, KILL: 5, SETGID: 6, SETUID: 7 };
const mask = (...names: (keyof typeof BITS)[]) =>
  names
    .reduce((sum, name) => sum + (1n << BigInt(BITS[name])), 0n)
    .toString(16)
    .padStart(16, "0");

test("the engine was told all limits", async () => {
  const id = await create({
    limits: { cpus: 0.5, memoryMb: 48, pids: 33 },
    network: "none",
    volatilePaths: ["/a"],
  });
  const { HostConfig: host, Config: config, Mounts } = await docker.getContainer(id).inspect();
  expect(host).toMatchObject({
    Memory: 48 * 1024 * 1024,
    MemorySwap: 48 * 1024 * 1024,
    NanoCpus: 500_000_000,
    PidsLimit: 33,
    NetworkMode: "none",
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges"],
    Privileged: false,
    Init: false,
    AutoRemove: false,
    RestartPolicy: { Name: "", MaximumRetryCount: 0 },
    LogConfig: { Type: "local", Config: { "max-size": "64m", "max-file": "5", compress: "false" } },
    Binds: null,
    PidMode: "",
    UsernsMode: "",
  });
  expect(config).toMatchObject({ OpenStdin: false, Tty: false, Volumes: null });
  expect(Mounts).toMatchObject([{ Type: "volume", Destination: "/a" }]);
});

test.for([
  {
    kind: "build" as const,
    capabilities: mask("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETUID", "SETGID"),
  },
  {
    kind: "session" as const,
    capabilities: mask("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETUID", "SETGID", "KILL"),
  },
  {
    kind: "warm" as const,
    capabilities: mask("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETUID", "SETGID", "KILL"),
  },
])("root in a $kind has few capabilities, a filter and no way to more", async ({ kind, capabilities }) => {
  const { stdout } = await run({ command: ["cat", "/proc/self/status"], ownership: own({ kind }) });
  expect(stdout).toContain(`CapBnd:\t${capabilities}\n`);
  expect(stdout).toContain(`CapEff:\t${capabilities}\n`);
  expect(stdout).toContain("NoNewPrivs:\t1\n");
  expect(stdout).toContain("Seccomp:\t2\n");
});

test("another user has none at all", async () => {
  const { stdout } = await run({ command: ["cat", "/proc/self/status"], user: "1000" });
  expect(stdout).toContain(`CapEff:\t${mask()}\n`);
});

test("mounting and writing to the kernel's settings are refused", async () => {
  const { stdout, exitCode } = await run({
    command: [
      "sh",
      "-c",
      "mount -t tmpfs none /tmp && echo mounted; echo 1 > /proc/sys/kernel/panic && echo set; true",
    ],
  });
  expect(exitCode).toBe(0);
  expect(stdout).toBe("");
});

test("nothing can be read from standard input", async () => {
  const { stdout } = await run({ command: ["sh", "-c", "read -r line; echo $?"] });
  expect(stdout).toBe("1\n");
});

test("more CPUs than the host has are given as many as there are", async () => {
  const id = await create({ limits: { cpus: 64, memoryMb: 32, pids: 16 } });
  const { HostConfig: host } = await docker.getContainer(id).inspect();
  expect(host.NanoCpus).toBe((await docker.info()).NCPU * 1e9);
});

test("a fork bomb stops at its limit", async () => {
  const { stdout, stderr } = await run({
    command: ["sh", "-c", "for i in $(seq 100); do sleep 5 & done; echo made $(ls -d /proc/[0-9]* | wc -l)"],
    limits: { cpus: 1, memoryMb: 64, pids: 20 },
  });
  expect(stdout).toBe("");
  expect(stderr).toMatch(/fork/);
});

test("a network of none has only the loopback", async () => {
  const { stdout } = await run({ command: ["ls", "/sys/class/net"] });
  expect(stdout).toBe("lo\n");
});

test("a network of bridge has one more", async () => {
  const { stdout } = await run({ command: ["ls", "/sys/class/net"], network: "bridge" });
  expect(stdout).toContain("eth0");
});
