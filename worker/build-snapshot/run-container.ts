/** Starts a container, brings its output into the log and waits for its end, under a time limit. */
import type { Engine, ExitFacts } from "@/worker/containers/types";
import type { LogWriter } from "./log-writer";
import { RecentOutput } from "./recent-output";

export interface RunResult extends ExitFacts {
  timedOut: boolean;
  /** The end of its output. */
  said: string;
}

/**
 * @param signal stops it: everything in the container is killed, and the wait ends. So it does when the
 * engine refuses to kill: the container's removal then tries again.
 * @param whenStarted is done as soon as it runs, before its output is read.
 * @throws what the log or the engine throws; the container is killed then.
 */
export async function runContainer(
  engine: Engine,
  container: string,
  log: LogWriter,
  limitSeconds: number,
  signal: AbortSignal,
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
  try {
    signal.throwIfAborted();
    for await (const { stream, data } of engine.startAttached(container, over, whenStarted)) {
      recent.add(data);
      await log.write(stream, data);
    }
    const exit = await engine.waitForExit(container, over);
    return { ...exit, timedOut, said: recent.text() };
  } catch (error) {
    kill();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
    await killing;
  }
}
