/** For tests: a repository that containers can clone, served by git itself. */
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { docker } from "@/worker/containers/docker/testing/engine";

const run = promisify(execFile);

export interface GitServer {
  url: string;
  /** Puts one more commit on its branch, with this in `file`. */
  commit(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** In a folder of its own: has a file `file`, which is "first" at the tag v1 and "second" at the newest commit. */
export async function makeRepository(): Promise<
  Pick<GitServer, "commit"> & { folder: string; name: string }
> {
  const folder = await mkdtemp(path.join(tmpdir(), "kiln-git-"));
  const repository = path.join(folder, "repository");
  const author = ["-c", "user.name=Kiln", "-c", "user.email=kiln@example.com"];
  const git = (...args: string[]) => run("git", ["-C", repository, ...author, ...args]);
  await run("git", ["init", "--quiet", "--initial-branch=main", repository]);
  const commit = async (text: string) => {
    await writeFile(path.join(repository, "file"), text);
    await git("add", "file");
    await git("commit", "--quiet", "--message", text.trim());
  };
  for (const [text, tag] of [
    ["first\n", "v1"],
    ["second\n", "v2"],
  ] as const) {
    await commit(text);
    await git("tag", tag);
  }
  return { folder, name: "repository", commit };
}

/** For everybody, over git's own protocol. */
export async function serveRepository(): Promise<GitServer> {
  const { folder, name, commit } = await makeRepository();
  const [host, port] = await Promise.all([bridgeAddress(), freePort()]);
  const daemon = spawn(
    "git",
    ["daemon", "--export-all", "--reuseaddr", `--listen=${host}`, `--port=${port}`, `--base-path=${folder}`],
    { stdio: "ignore", detached: true },
  );
  const gone = new Promise<void>((resolve) => daemon.once("exit", () => resolve()));
  return {
    url: `git://${host}:${port}/${name}`,
    commit,
    stop: async () => {
      // Git starts the daemon as a child of its own.
      if (daemon.pid !== undefined) process.kill(-daemon.pid);
      await gone;
      await rm(folder, { recursive: true });
    },
  };
}

/** Where a container on the default network finds this machine. */
export async function bridgeAddress(): Promise<string> {
  const network = await docker.getNetwork("bridge").inspect();
  const gateway: unknown = network.IPAM?.Config?.[0]?.Gateway;
  if (typeof gateway === "string") return gateway;
  // An engine that made the bridge itself names its gateway only after its next start; it takes the first address. The
  // system doesn't list the interface while no container is on it.
  const subnet: unknown = network.IPAM?.Config?.[0]?.Subnet;
  const first = typeof subnet === "string" ? /^(\d+\.\d+\.\d+)\.0\/\d+$/.exec(subnet)?.[1] : undefined;
  if (!first) throw new Error(`The engine's bridge has no address: ${JSON.stringify(network.IPAM)}`);
  return `${first}.1`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
