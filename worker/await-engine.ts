/** A worker that starts before its engine does waits for it. */
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "@/lib/env.server";
import { log } from "@/lib/log.server";
import { type Engine, EngineError } from "./containers/types";
import { ignoreAbort } from "./heartbeat";
import { Refusal } from "./runtime";

const RETRY_MS = 1_000;

/**
 * @param leaving aborts when the worker is told to end meanwhile.
 * @returns who the engine is; null when the worker is to end.
 * @throws Refusal when it doesn't answer for long.
 */
export async function awaitEngine(
  engine: Engine,
  leaving: AbortSignal,
): Promise<Awaited<ReturnType<Engine["identify"]>> | null> {
  const seconds = env().KILN_ENGINE_SECONDS;
  const until = Date.now() + seconds * 1000;
  for (let tries = 0; !leaving.aborted; tries += 1) {
    try {
      return await engine.identify();
    } catch (error) {
      if (!(error instanceof EngineError && error.code === "unavailable")) throw error;
      if (Date.now() >= until)
        throw new Refusal(
          `The container engine didn't answer for ${seconds} s: ${error.message} Start it, or say in DOCKER_HOST where it is; then start this worker again.`,
        );
      if (tries === 0)
        log.warn({ reason: error.message, seconds }, "the container engine doesn't answer; waiting for it");
    }
    await sleep(RETRY_MS, undefined, { signal: leaving }).catch(ignoreAbort);
  }
  return null;
}
