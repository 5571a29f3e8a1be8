/**
 * A connection can fall silent for ever: when the network was cut, or the engine hangs, nobody says that its other end is
 * gone. So whoever listens to a container asks for it as well, on connections of their own (F17).
 */
import { setTimeout as delay } from "node:timers/promises";
import { type Engine, EngineError } from "@/worker/containers/types";

const LOOK_MS = 4_000;
/** What it said last may still be on its way at the first look after its end. */
const SILENT_LOOKS = 2;

/** The container ended, and its output didn't. */
class Deaf extends Error {
  override readonly name = "Deaf";
}

/**
 * @param listen reads the output until it ends or its signal aborts, and throws that signal's reason then.
 * @returns whether the output ended by itself; otherwise it has to be read again.
 * @throws what `listen` throws; EngineError `unavailable` when the engine doesn't answer meanwhile.
 */
export async function whileAlive(
  engine: Engine,
  container: string,
  listen: (signal: AbortSignal) => Promise<void>,
  outer: AbortSignal,
): Promise<boolean> {
  const ears = new AbortController();
  const over = new AbortController();
  // Not awaited in the end: its last question may be one that nobody answers.
  watch(engine, container, ears, over.signal).catch((error: unknown) => {
    if (!over.signal.aborted) ears.abort(error);
  });
  try {
    await listen(AbortSignal.any([outer, ears.signal]));
    return true;
  } catch (error) {
    if (error instanceof Deaf) return false;
    throw error;
  } finally {
    over.abort();
  }
}

async function watch(
  engine: Engine,
  container: string,
  ears: AbortController,
  over: AbortSignal,
): Promise<void> {
  for (let silent = 0; silent < SILENT_LOOKS; ) {
    await delay(LOOK_MS, undefined, { signal: over });
    try {
      silent = (await engine.stateOf(container)) === "exited" ? silent + 1 : 0;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      // Whatever else it says, "gone" among it, whoever waits for the container's end is told as well.
      if (error.code === "unavailable") return ears.abort(error);
    }
  }
  ears.abort(new Deaf("the container has ended, and its output doesn't end"));
}
