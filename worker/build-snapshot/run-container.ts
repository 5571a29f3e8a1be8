/** Starts a container, or follows one that was started, brings its output into the log and waits for its end, under a time limit. */
import { setTimeout as delay } from "node:timers/promises";
import type { Replay } from "@/lib/snapshots/progress.server";
import type { Engine, ExitFacts, OutputChunk } from "@/worker/containers/types";
import type { StopReason } from "./failures";
import type { LogWriter } from "./log-writer";
import { RecentOutput } from "./recent-output";

export interface RunResult extends ExitFacts {
  timedOut: boolean;
  /** The end of its output. */
  said: string;
}

export interface Run {
  container: string;
  /** It was started before: its output is read again from its beginning. */
  started: boolean;
  limitSeconds: number;
  /** Is done as soon as it runs, before its output is read. Safe to repeat. */
  whenStarted?: (() => Promise<void>) | undefined;
  /** How much of its output the log has. */
  storedOutput: () => Promise<Replay>;
}

/** How long after the end of its output a container usually has exited. */
const EXIT_MS = 2_000;

/**
 * @param signal ends the wait. When it was cancelled, everything in the container is killed; otherwise the container
 * goes on, for another worker to follow. When the engine refuses to kill, the wait ends all the same: the container's
 * removal then tries again.
 * @throws what the log or the engine throws.
 */
export async function runContainer(engine: Engine, log: LogWriter, run: Run, signal: AbortSignal): Promise<RunResult> {
  const { container, whenStarted } = run;
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
  }, run.limitSeconds * 1000);
  const onAbort = () => {
    if (isCancelled(signal.reason)) kill();
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    signal.throwIfAborted();
    if (!run.started) await take(engine.startAttached(container, over, whenStarted));
    // A worker that was lost right after the start may not have come to it.
    else if (whenStarted && (await engine.isRunning(container))) await whenStarted();
    for (let exit = run.started ? null : await exited(); ; exit = await exited()) {
      if (exit) return { ...exit, timedOut, said: recent.text() };
      // The connection was cut, or it has closed its output: the engine's copy is read until it really ends.
      await log.leave();
      log.replay(await run.storedOutput());
      await take(engine.followOutput(container, over));
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    await killing;
  }

  async function take(output: AsyncGenerator<OutputChunk, void, void>): Promise<void> {
    for await (const { stream, data } of output) {
      recent.add(data);
      await log.write(stream, data);
    }
  }

  /** Null when it goes on after its output has ended. */
  async function exited(): Promise<ExitFacts | null> {
    const patience = new AbortController();
    const late = delay(EXIT_MS, null, { signal: patience.signal }).catch(() => null);
    try {
      return await Promise.race([engine.waitForExit(container, AbortSignal.any([over, patience.signal])), late]);
    } finally {
      patience.abort();
    }
  }
}

function isCancelled(reason: StopReason | undefined): boolean {
  return reason?.kind === "cancelled";
}
