/** For tests: a second engine on this machine that may be ended in every way and started again, as root on Linux. */
import { execFile, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import Docker from "dockerode";
import { until } from "@/worker/testing/until";
import { createDockerEngine } from "../index";
import { BUSYBOX, docker } from "./engine";
import { endBelow, unmountBelow } from "./leftovers";

const run = promisify(execFile);

export interface SecondEngine {
  dockerHost: string;
  docker: Docker;
  /** Where it keeps everything. */
  dataRoot: string;
  /** Ends it, and not what runs in it: what comes of that is what is tested. Resolves when it is gone. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Starts it again. Resolves when it answers. */
  start(): Promise<void>;
  /** Ends it for good and removes all of it. Safe to call twice. */
  remove(): Promise<void>;
}

export interface SecondEngineOptions {
  /** Do its containers go on without it? */
  liveRestore?: boolean;
  /** Does it say that it is the other engine, as on a copy of its machine? */
  copied?: boolean;
  /** Makes another disk out of the folder that it will keep everything in; answers with what takes that away. */
  prepare?: (dataRoot: string) => Promise<() => Promise<unknown>>;
}

interface Daemon {
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

function startDaemon(program: string, args: string[]): Daemon {
  const child = spawn(program, args, { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    end: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}

/** Where an engine can't be started at all, none can be taken away either. */
export const canStartEngines = () =>
  process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/sbin/dockerd");

/** Engines of before 23 have one identity a machine unless each is told where its own is; later ones, one a data root. */
async function giveIdentity(dataRoot: string, keyFile: string, copied: boolean): Promise<object> {
  const [{ Version }, { ID }] = await Promise.all([docker.version(), docker.info()]);
  if (Number.parseInt(Version, 10) < 23) return copied ? {} : { "deprecated-key-path": keyFile };
  await writeFile(path.join(dataRoot, "engine-id"), copied ? String(ID) : randomUUID());
  return {};
}

/** With an identity of its own, and with the test's base image on it. Its bridge is its own: one of "none" would take the other engine's away. */
export async function startSecondEngine({
  liveRestore = false,
  copied = false,
  prepare,
}: SecondEngineOptions = {}): Promise<SecondEngine> {
  const folder = await mkdtemp(path.join(tmpdir(), "kiln-engine-"));
  const at = (name: string) => path.join(folder, name);
  const bridge = `kiln-${randomBytes(3).toString("hex")}`;
  const dockerHost = `unix://${at("socket")}`;
  const engine = new Docker({ socketPath: at("socket") });
  const undo: Array<() => Promise<unknown>> = [() => rm(folder, { recursive: true, force: true })];
  const remove = async () => {
    const failed: unknown[] = [];
    // One that fails keeps none of the others from being done.
    for (const step of undo.splice(0).reverse()) await step().catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw new AggregateError(failed, "The second engine left something behind.");
  };
  let daemon: Daemon | undefined;
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    const ending = daemon;
    daemon = undefined;
    await ending?.end(signal);
  };
  const start = async () => {
    const args = [
      ["--host", dockerHost],
      ["--data-root", at("data")],
      ["--exec-root", at("exec")],
      ["--pidfile", at("pid")],
      ["--config-file", at("config.json")],
      ["--containerd", at("containerd.sock")],
      ["--bridge", bridge],
      ["--iptables=false", "--ip6tables=false", ...(liveRestore ? ["--live-restore"] : [])],
    ].flat();
    daemon = startDaemon("dockerd", args);
    await until("the second engine to answer", async () => String(await engine.ping()) === "OK");
  };
  try {
    await mkdir(at("data"));
    if (prepare) undo.push(await prepare(at("data")));
    undo.push(() => unmountBelow(folder));
    await run("ip", ["link", "add", "name", bridge, "type", "bridge"]);
    undo.push(() => run("ip", ["link", "del", bridge]));
    const [one, two] = randomBytes(2);
    await run("ip", ["addr", "add", `10.${100 + ((one ?? 0) % 100)}.${two}.1/24`, "dev", bridge]);
    await run("ip", ["link", "set", bridge, "up"]);
    const settings = await giveIdentity(at("data"), at("key.json"), copied);
    await writeFile(at("config.json"), JSON.stringify(settings));
    undo.push(() => endBelow(folder));
    // One that dockerd starts itself dies with it, and the next dockerd may still take it for alive.
    const files = ["--root", at("containerd"), "--state", at("state"), "--address", at("containerd.sock")];
    await writeFile(at("containerd.toml"), 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n');
    const containerd = startDaemon("containerd", ["--config", at("containerd.toml"), ...files]);
    undo.push(() => containerd.end("SIGTERM"));
    await until("the second engine's containerd", () => existsSync(at("containerd.sock")));
    undo.push(() => end("SIGTERM"));
    await start();
    undo.push(async () => {
      // What goes on without it would be left for ever.
      if (!daemon) await start();
      // A worker that was killed may have asked for a removal that isn't over; this one waits for that.
      const { removeContainer } = createDockerEngine({ dockerHost });
      for (const { Id } of await engine.listContainers({ all: true })) await removeContainer(Id);
    });
    const loading = await engine.loadImage(await docker.getImage(BUSYBOX).get());
    await new Promise((resolve, reject) => {
      loading.once("end", resolve).once("error", reject).resume();
    });
    return { dockerHost, docker: engine, dataRoot: at("data"), end, start, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
