/** Starts a container, brings its output into the log and waits for its end, under a time limit. */
import type { Engine, ExitFacts } from "@/worker/containers/types";
import { type DiskOverrun, type DiskRules, DiskWatch } from "./disk-watch";
import type { LogWriter } from "./log-writer";
import { RecentOutput } from "./recent-output";

export interface RunResult extends ExitFacts {
  timedOut: boolean;
  /** Why it was killed, or has to count as killed, when it used too much disk. */
  disk: DiskOverrun | null;
  /** The end of its output. */
  said: string;
}

/**
 * @param signal stops it: everything in the container is killed, and the wait ends. So it does when the
 * engine refuses to kill: the container's removal then tries again.
 * @param disk is watched for what it writes
 * @param whenStarted is done as soon as it runs, before its output is read.
 * @throws what the log or the engine throws; the container is killed then.
 */
export async function runContainer(
  engine: Engine,
  container: string,
  log: LogWriter,
  limitSeconds: number,
  signal: AbortSignal,
  disk: DiskRules,
  whenStarted?: () => Promise<void>,
): Promise<RunResult> {
  let timedOut = false;
  const recent = new RecentOutput();
  const unstoppable = new AbortController();
  const over = AbortSignal.any([signal, unstoppable.signal]);
  let killing: Promise<void> | undefined;
  const kill = () => {
    killing ??= engine.kill(container).catch((error: unknown) => unstoppable.abort(error));
  };
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, limitSeconds * 1000);
  signal.addEventListener("abort", kill, { once: true });
  const watch = new DiskWatch(engine, container, disk, kill);
  const started = async () => {
    await whenStarted?.();
    watch.start();
  };
  try {
    signal.throwIfAborted();
    for await (const { stream, data } of engine.startAttached(container, over, started)) {
      recent.add(data);
      await log.write(stream, data);
    }
    const exit = await engine.waitForExit(container, over);
    const said = recent.text();
    return { ...exit, timedOut, said, disk: await watch.verdict({ exitCode: exit.exitCode, said }) };
  } catch (error) {
    kill();
    throw error;
  } finally {
    clearTimeout(timer);
    watch.stop();
    signal.removeEventListener("abort", kill);
    await killing;
  }
}
