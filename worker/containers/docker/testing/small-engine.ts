/** For tests: a second engine on a disk of its own that is small enough to be filled, as root on Linux. */
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, open, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import Docker from "dockerode";
import { until } from "@/worker/testing/until";
import { BUSYBOX, docker } from "./engine";

const run = promisify(execFile);

export interface SmallEngine {
  dockerHost: string;
  docker: Docker;
  freeMb(): Promise<number>;
  /** Ends it and removes its disk. */
  stop(): Promise<void>;
}

/** Where an engine can't be started at all, a full disk can't be caused either. */
export const canStartEngines = () =>
  process.platform === "linux" &&
  process.getuid?.() === 0 &&
  ["/usr/sbin/dockerd", "/usr/sbin/mkfs.ext4", "/dev/loop-control"].every((file) => existsSync(file));

/** With the test's base image on it. Its bridge is its own: one of "none" would take the other engine's away. */
export async function startSmallEngine(megabytes: number): Promise<SmallEngine> {
  const folder = await mkdtemp(path.join(tmpdir(), "kiln-engine-"));
  const at = (name: string) => path.join(folder, name);
  const bridge = `kiln-${randomBytes(3).toString("hex")}`;
  const undo: Array<() => Promise<unknown>> = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const disk = await open(at("disk"), "w");
    await disk.truncate(megabytes * 1024 * 1024);
    await disk.close();
    await run("mkfs.ext4", ["-q", "-F", at("disk")]);
    await run("mkdir", [at("data")]);
    await run("mount", ["-o", "loop", at("disk"), at("data")]);
    undo.push(() => run("umount", [at("data")]));
    await run("ip", ["link", "add", "name", bridge, "type", "bridge"]);
    undo.push(() => run("ip", ["link", "del", bridge]));
    const [one, two] = randomBytes(2);
    await run("ip", ["addr", "add", `10.${100 + ((one ?? 0) % 100)}.${two}.1/24`, "dev", bridge]);
    await run("ip", ["link", "set", bridge, "up"]);
    await writeFile(at("config.json"), "{}");
    const dockerHost = `unix://${at("socket")}`;
    const args = [
      ["--host", dockerHost],
      ["--data-root", at("data")],
      ["--exec-root", at("exec")],
      ["--pidfile", at("pid")],
      ["--config-file", at("config.json")],
      ["--bridge", bridge],
    ].flat();
    const daemon = spawn("dockerd", [...args, "--iptables=false", "--ip6tables=false"], { stdio: "ignore" });
    const ended = new Promise<void>((resolve) => daemon.once("close", () => resolve()));
    undo.push(async () => {
      daemon.kill("SIGTERM");
      await ended;
    });
    const engine = new Docker({ socketPath: at("socket") });
    await until("the small engine to answer", async () => String(await engine.ping()) === "OK");
    const loading = await engine.loadImage(await docker.getImage(BUSYBOX).get());
    await new Promise((resolve, reject) => {
      loading.once("end", resolve).once("error", reject).resume();
    });
    const freeMb = async () => {
      const { bavail, bsize } = await statfs(at("data"));
      return (bavail * bsize) / (1024 * 1024);
    };
    return { dockerHost, docker: engine, freeMb, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
