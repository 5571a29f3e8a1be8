/** For tests: a second engine on a disk of its own that is small enough to be filled, as root on Linux. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { open, rm, statfs } from "node:fs/promises";
import { promisify } from "node:util";
import { canStartEngines, type SecondEngine, startSecondEngine } from "./second-engine";

const run = promisify(execFile);

export interface SmallEngine extends SecondEngine {
  freeMb(): Promise<number>;
}

/** Where an engine can't be started at all, a full disk can't be caused either. */
export const canStartSmallEngines = () =>
  canStartEngines() && ["/usr/sbin/mkfs.ext4", "/dev/loop-control"].every((file) => existsSync(file));

export async function startSmallEngine(megabytes: number): Promise<SmallEngine> {
  const engine = await startSecondEngine({
    prepare: async (dataRoot) => {
      const file = `${dataRoot}.disk`;
      const disk = await open(file, "w");
      await disk.truncate(megabytes * 1024 * 1024);
      await disk.close();
      await run("mkfs.ext4", ["-q", "-F", file]);
      await run("mount", ["-o", "loop", file, dataRoot]);
      // What was mounted below the folder is gone by then, and this with it.
      return () => rm(file, { force: true });
    },
  });
  const freeMb = async () => {
    const { bavail, bsize } = await statfs(engine.dataRoot);
    return (bavail * bsize) / (1024 * 1024);
  };
  return { ...engine, freeMb };
}
