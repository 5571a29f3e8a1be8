/** The plain tools that Kiln is measured against, as one would type them into a shell. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { baseImage } from "./address";

const run = promisify(execFile);
const OUTPUT = { maxBuffer: 256 * 1024 * 1024 };

/** In every name that the benchmarks give on the engine. */
export const MARK = `kiln-bench-${process.pid}`;

/** Runs the Docker command; answers what it printed. */
export async function docker(...args: string[]): Promise<string> {
  return (await run("docker", args, OUTPUT)).stdout.trim();
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

let made = 0;

/** The script by `docker run` and `docker commit`, in milliseconds; what it made is removed afterwards. */
export async function runAndCommit(script: string): Promise<number> {
  made += 1;
  const name = `${MARK}-${made}`;
  try {
    return await timed(async () => {
      await docker("run", "--name", name, baseImage, "bash", "-e", "-c", script);
      await docker("commit", name, `${name}:bench`);
    });
  } finally {
    await docker("rm", "--force", name);
    await removeImage(`${name}:bench`);
  }
}

/** With the untagged images that only it was made from. One that isn't there is no trouble. */
export async function removeImage(reference: string): Promise<void> {
  if ((await docker("images", "--quiet", "--no-trunc", reference)) !== "") await docker("rmi", reference);
}
