/**
 * Whether this worker's engine answers: asked every few seconds and noted at each of the worker's own questions, written down for
 * everybody, and known before a build is begun (F17). Another engine at its address is no answer: that one has nothing of what the
 * rows tell of, and what it has is its own worker's.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { recordEngineAway, recordEngineSeen } from "@/lib/hosts/engine-health.server";
import { log } from "@/lib/log.server";
import { type Engine, EngineError } from "./containers/types";
import { ignoreAbort } from "./heartbeat";

const LOOK_MS = 10_000;
/** While it doesn't answer, so that its return is soon seen. */
const AWAY_LOOK_MS = 1_000;

export class EngineWatch {
  /** The engine, with all that says whether it is there noted. */
  readonly engine: Engine;
  private away: string | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly hostId: string,
    engine: Engine,
    engineId: string,
  ) {
    const identify = this.noted(async () => {
      const found = await engine.identify();
      if (found.id === engineId) return found;
      throw new EngineError(
        "unavailable",
        `Another container engine (${found.name}) answers at this address. Bring the first one back, or start this worker again for the other one.`,
      );
    });
    // Asked by a build that lost it, until it answers, and before one is admitted. It is never answered from memory.
    const itself = async () => void (await identify());
    this.engine = {
      ...engine,
      identify,
      stateOf: sure(engine.stateOf, itself, (state) => state === "gone"),
      listContainers: sure(engine.listContainers, itself),
      listImages: sure(engine.listImages, itself),
      listVolumes: sure(engine.listVolumes, itself),
      removeVolume: sure(engine.removeVolume, itself),
      volumeBytes: sure(engine.volumeBytes, itself),
      createContainer: sure(engine.createContainer, itself, () => false),
      inspectImage: sure(engine.inspectImage, itself, () => false),
      start: sure(engine.start, itself, () => false),
    };
  }

  /** Does the last question that was asked stand without an answer? */
  get isAway(): boolean {
    return this.away !== null;
  }

  /** Looks until `signal` aborts. */
  async keepLooking(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.engine.identify().catch((error: unknown) => {
        if (!isAway(error)) log.warn({ err: error }, "the engine could not be asked who it is");
      });
      await sleep(this.isAway ? AWAY_LOOK_MS : LOOK_MS, undefined, { signal }).catch(ignoreAbort);
    }
  }

  private noted<T>(ask: () => Promise<T>): () => Promise<T> {
    return async () => {
      try {
        const answer = await ask();
        this.note(null);
        return answer;
      } catch (error) {
        if (isAway(error)) this.note(error.message);
        throw error;
      }
    };
  }

  /** Writes one after the other, so that the last word is the last one written; none of the askers waits for that. */
  private note(error: string | null): void {
    const isNews = (error === null) !== (this.away === null);
    this.away = error;
    if (isNews && error) log.warn({ reason: error }, "the container engine doesn't answer");
    else if (isNews) log.info("the container engine answers again");
    this.writing = this.writing
      .then(() => (error === null ? recordEngineSeen(this.hostId) : recordEngineAway(this.hostId, error)))
      .catch((failure: unknown) =>
        log.warn({ err: failure }, "the engine's health could not be written down; the next look does"),
      );
  }
}

/**
 * What an engine hasn't got says something only of that engine: so who it was is asked afterwards.
 * @param isLoss which answers are about what isn't there; "not found" always is
 */
function sure<A extends unknown[], T>(
  ask: (...args: A) => Promise<T>,
  itself: () => Promise<void>,
  isLoss: (answer: T) => boolean = () => true,
): (...args: A) => Promise<T> {
  return async (...args) => {
    const answer = await ask(...args).catch(async (error: unknown) => {
      if (error instanceof EngineError && error.code === "not_found") await itself();
      throw error;
    });
    if (isLoss(answer)) await itself();
    return answer;
  };
}

function isAway(error: unknown): error is EngineError {
  return error instanceof EngineError && error.code === "unavailable";
}
