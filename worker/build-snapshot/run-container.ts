/** Starts a container, or follows one that was started, brings its output into the log and waits for its end, under a time limit. */
import { setTimeout as delay } from "node:timers/promises";
import type { Replay } from "@/lib/snapshots/progress.server";
import type { EarlyExit, Engine, ExitFacts, OutputChunk, WaitingContainer } from "@/worker/containers/types";
import { type Hearing, whileAlive } from "./alive";
import { type DiskOverrun, type DiskRules, DiskWatch } from "./disk-watch";
import type { StopReason } from "./failures";
import type { LogWriter } from "./log-writer";
import { RecentOutput } from "./recent-output";

export interface RunResult extends ExitFacts {
  timedOut: boolean;
  /** Why it was killed, or has to count as killed, when it used too much disk. */
  disk: DiskOverrun | null;
  /** The connection may have been cut while it ran: then what it was given may not have arrived. */
  cut: boolean;
  /** It ended while the engine was away: what it said meanwhile is nowhere. */
  unheard: boolean;
  /** The end of its output. */
  said: string;
  /** Of one that ended well: whether something in it was killed for memory, once that is known for certain. */
  late: Promise<boolean>;
}

export interface Run {
  container: string;
  /** It was started before: its output is read again from its beginning. */
  started: boolean;
  /** Starts it, or gives one that waits what it is to do. */
  begin: WaitingContainer["begin"];
  limitSeconds: number;
  /** Its standard input, of one that takes some. */
  input?: string | undefined;
  /** Watched for what it writes. */
  disk: DiskRules;
  /** Is done as soon as it runs, before its output is read. Safe to repeat. */
  whenStarted?: (() => Promise<void>) | undefined;
  /** How much of its output the log has. */
  storedOutput: () => Promise<Replay>;
}

/**
 * How long after the end of its output a container usually has exited. An output that ended earlier than this may have been cut,
 * and what was said after that is only in the engine's copy. An engine first completes that copy, which takes it longer
 * the more there is; and so does reading all of it again.
 */
const EXIT_MS = 500;
const EXIT_MS_A_MEGABYTE = 1_000;
const MOST_EXIT_MS = 30_000;

/**
 * @param signal ends the wait. When it was cancelled, everything in the container is killed; otherwise the container
 * goes on, for another worker to follow. When the engine refuses to kill, the wait ends all the same: the container's
 * removal then tries again.
 * @throws what the log or the engine throws.
 */
export async function runContainer(
  engine: Engine,
  log: LogWriter,
  run: Run,
  signal: AbortSignal,
): Promise<RunResult> {
  const { container, whenStarted } = run;
  let timedOut = false;
  let heardBytes = 0;
  const recent = new RecentOutput();
  const unstoppable = new AbortController();
  const over = AbortSignal.any([signal, unstoppable.signal]);
  let killing: Promise<void> | undefined;
  const kill = () => {
    killing ??= engine.kill(container).catch((error: unknown) => unstoppable.abort(error));
  };
  const onAbort = () => {
    if (isCancelled(signal.reason)) kill();
  };
  signal.addEventListener("abort", onAbort, { once: true });
  const watch = new DiskWatch(engine, container, run.disk, kill);
  let timer: NodeJS.Timeout | undefined;
  // Not before it runs: what doesn't can't be killed, and would start afterwards.
  const guard = async () => {
    timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, run.limitSeconds * 1000);
    watch.start();
    await whenStarted?.();
  };
  try {
    signal.throwIfAborted();
    let isComplete = false;
    let cut = false;
    if (!run.started)
      isComplete = await take((ended) => run.begin(ended, { input: run.input, whenStarted: guard }));
    // A worker that was lost right after the start may not have come to all of it.
    else if (await engine.isRunning(container)) await guard();
    for (;;) {
      const exit = isComplete ? await exited() : null;
      if (exit) {
        const { exitCode, outOfMemory: late } = exit;
        const said = recent.text();
        const disk = await watch.verdict({ exitCode, said });
        const unheard = (cut || run.started) && !(await engine.sawEnd(container, over));
        // A success needn't wait for it: there is a capture to be made meanwhile.
        return {
          exitCode,
          outOfMemory: exitCode !== 0 && (await late),
          late,
          timedOut,
          cut,
          unheard,
          said,
          disk,
        };
      }
      // The connection was cut, or it has closed its output: the engine's copy is read until it really ends.
      cut = true;
      await log.leave();
      log.replay(await run.storedOutput());
      isComplete = await take((ended) => engine.followOutput(container, ended));
    }
  } finally {
    clearTimeout(timer);
    watch.stop();
    signal.removeEventListener("abort", onAbort);
    await killing;
  }

  /** @returns false when it has to be read again. */
  function take(open: (signal: AbortSignal) => AsyncGenerator<OutputChunk, void, void>): Promise<boolean> {
    const read = async (ended: AbortSignal, hearing: Hearing) => {
      for await (const { stream, data } of open(ended)) {
        recent.add(data);
        heardBytes += data.length;
        await hearing.take(log.write(stream, data));
      }
    };
    return whileAlive(engine, container, read, over);
  }

  /** Null when it goes on after its output has ended. */
  async function exited(): Promise<EarlyExit | null> {
    const patience = new AbortController();
    const impatience = new AbortController();
    const patienceMs = Math.min(EXIT_MS + (heardBytes / 1e6) * EXIT_MS_A_MEGABYTE, MOST_EXIT_MS);
    const late = delay(patienceMs, null, { signal: impatience.signal }).catch((error: unknown) => {
      if (!impatience.signal.aborted) throw error;
      return null;
    });
    const exit = await Promise.race([
      engine.waitForEarlyExit(container, AbortSignal.any([over, patience.signal])),
      late,
    ]).finally(() => impatience.abort());
    if (exit === null) patience.abort();
    return exit;
  }
}

function isCancelled(reason: StopReason | undefined): boolean {
  return reason?.kind === "cancelled";
}
