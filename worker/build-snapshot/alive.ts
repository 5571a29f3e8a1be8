/**
 * A connection can fall silent for ever: when the network was cut, or the engine hangs, nobody says that its other end is
 * gone. So whoever listens to a container asks for it as well, on connections of their own (F17).
 */
import { setTimeout as delay } from "node:timers/promises";
import { type Engine, EngineError } from "@/worker/containers/types";

const LOOK_MS = 4_000;
/** What it said last may still be on its way at the first look after its end. */
const SILENT_LOOKS = 2;

/** Hears what comes, and whether anything does: a long output that is read slowly outlives its container by far. */
export class Hearing {
  private busy = 0;
  private wasBusy = false;

  /** While something that was heard is being taken in, it isn't silent, however long that takes. */
  async take(work: Promise<void>): Promise<void> {
    this.busy += 1;
    this.wasBusy = true;
    try {
      await work;
    } finally {
      this.busy -= 1;
    }
  }

  /** Whether nothing was heard since the last time that this was asked. */
  wasSilent(): boolean {
    const silent = !this.wasBusy;
    this.wasBusy = this.busy > 0;
    return silent;
  }
}

/** The container ended, and its output didn't. */
class Deaf extends Error {
  override readonly name = "Deaf";
}

/**
 * @param listen reads the output until it ends or its signal aborts, and throws that signal's reason then; what it hears
 * it takes in by its hearing.
 * @param lookMs between two looks at the container
 * @returns whether the output ended by itself; otherwise it has to be read again.
 * @throws what `listen` throws; EngineError `unavailable` when the engine doesn't answer meanwhile.
 */
export async function whileAlive(
  engine: Engine,
  container: string,
  listen: (signal: AbortSignal, hearing: Hearing) => Promise<void>,
  outer: AbortSignal,
  lookMs = LOOK_MS,
): Promise<boolean> {
  const hearing = new Hearing();
  const ears = new AbortController();
  const over = new AbortController();
  // Not awaited in the end: its last question may be one that nobody answers.
  watch({ engine, container, hearing, lookMs }, ears, over.signal).catch((error: unknown) => {
    if (!over.signal.aborted) ears.abort(error);
  });
  try {
    await listen(AbortSignal.any([outer, ears.signal]), hearing);
    return true;
  } catch (error) {
    if (error instanceof Deaf) return false;
    throw error;
  } finally {
    over.abort();
  }
}

interface Watched {
  engine: Engine;
  container: string;
  hearing: Hearing;
  lookMs: number;
}

async function watch(
  { engine, container, hearing, lookMs }: Watched,
  ears: AbortController,
  over: AbortSignal,
): Promise<void> {
  for (let silent = 0; silent < SILENT_LOOKS; ) {
    await delay(lookMs, undefined, { signal: over });
    try {
      const hasEnded = (await engine.stateOf(container)) === "exited";
      silent = hasEnded && hearing.wasSilent() ? silent + 1 : 0;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      // Whatever else it says, "gone" among it, whoever waits for the container's end is told as well.
      if (error.code === "unavailable") return ears.abort(error);
    }
  }
  ears.abort(new Deaf("the container has ended, and its output doesn't end"));
}
