/** For tests: what an engine leaves behind that was killed, found by the folder that all of it was started with. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { until } from "@/worker/testing/until";

const run = promisify(execFile);
const gone = z.object({ code: z.enum(["ENOENT", "ESRCH"]) });

/** Ends the engine's helpers, and the containers that they hold. */
export async function endBelow(folder: string): Promise<void> {
  const helpers = await processesBelow(folder);
  const containers = await Promise.all(helpers.map(childrenOf));
  for (const pid of [...helpers, ...containers.flat()])
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if (!gone.safeParse(error).success) throw error;
    }
  await until("the helpers to be gone", async () => (await processesBelow(folder)).length === 0);
}

/** The deepest first. */
export async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile("/proc/self/mounts", "utf8"))
    .split("\n")
    .flatMap((line) => line.split(" ")[1] ?? [])
    .filter((point) => point.startsWith(`${folder}/`));
  for (const point of mounts.sort().reverse()) await run("umount", [point]);
}

async function processesBelow(folder: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => ((await ofProcess(pid, "cmdline")).includes(`${folder}/`) ? [Number(pid)] : [])),
  );
  return found.flat();
}

async function childrenOf(pid: number): Promise<number[]> {
  const all = await ofProcess(String(pid), `task/${pid}/children`);
  return all.split(" ").flatMap((child) => (child === "" ? [] : [Number(child)]));
}

/** Empty when it has ended meanwhile. */
async function ofProcess(pid: string, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, "utf8");
  } catch (error) {
    if (!gone.safeParse(error).success) throw error;
    return "";
  }
}
