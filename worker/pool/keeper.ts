/**
 * Keeps the pools of one engine as they should be: what runs is known to, what nobody wants goes, what is missing is
 * started. Woken by what changes, and by the clock; all that it knows is in rows, so any worker of the host goes on with it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { Wake } from "@/lib/events/hub.server";
import { installationId } from "@/lib/installation.server";
import { log } from "@/lib/log.server";
import {
  hasPools,
  listWaiting,
  type Measured,
  recordChecked,
  recordUse,
  retireDead,
  type Waiting,
} from "@/lib/pool/check.server";
import { addWarm } from "@/lib/pool/refill.server";
import { forgetOver, forgetRetired, listRetiring, retireUseless } from "@/lib/pool/retire.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import { ignoreAbort } from "@/worker/heartbeat";
import type { WorkerIdentity } from "@/worker/identity";
import { isFromOutside } from "./ended";
import { GoingOn } from "./going-on";
import { startWarm } from "./start-warm";

const LOOK_MS = 10_000;
/** A look waits so long for each thing that it began. Together they are less than what was seen to run is relied on. */
const PATIENCE_MS = 5_000;
/** What was just taken is used at once, and a start takes the engine's time: making the next one waits a moment. */
const CALM_MS = 400;
/** Started at a time. */
const LANES = 2;
/** Of one pass: its looks are due again. */
const MOST_STARTS = 20;

export class PoolKeeper {
  private readonly starting = new Set<string>();
  // An engine may take minutes for one of these. What else waits is looked at meanwhile: unseen, nobody would be given it.
  private readonly refilling = new GoingOn(() => this.refill().catch(complain));
  private readonly removing = new GoingOn(() => this.removeRetired().catch(complain));

  constructor(
    private readonly worker: WorkerIdentity,
    private readonly engine: Engine,
    private readonly signal: AbortSignal,
  ) {}

  /** Runs until the signal aborts; what is being started then is finished, or found by the next worker. */
  async run(): Promise<void> {
    const wake = new Wake(({ kind }) => kind === "pool" || kind === "version" || kind === "profile");
    try {
      while (!this.signal.aborted) {
        await this.pass().catch(complain);
        await wake.next(LOOK_MS, this.signal);
        await sleep(CALM_MS, undefined, { signal: this.signal }).catch(ignoreAbort);
      }
    } finally {
      wake.close();
      await Promise.all([this.refilling.end(), this.removing.end()]);
    }
  }

  /** One look, and what follows from it. @throws EngineError when the engine doesn't answer. */
  async pass(): Promise<void> {
    const { hostId } = this.worker;
    if (!(await hasPools(hostId))) return;
    await forgetOver(hostId);
    await this.check(await listWaiting(hostId));
    await retireUseless(this.worker, this.starting);
    // New ones first: a pool that is replaced is without any for as short as can be.
    await this.refilling.attend(PATIENCE_MS);
    await this.removing.attend(PATIENCE_MS);
  }

  /** The rows were read first: what became ready afterwards isn't looked for. */
  private async check(waiting: readonly Waiting[]): Promise<void> {
    const found = await this.engine.listContainers(await installationId());
    const running = new Set(found.flatMap(({ id, running }) => (running ? [id] : [])));
    const isUp = ({ containerId }: Waiting) => running.has(containerId);
    await recordChecked(waiting.filter(isUp).map(({ id }) => id));
    const dead = waiting.filter((one) => !isUp(one));
    await retireDead(
      dead.map(({ id }) => id),
      await this.endedFromOutside(dead),
    );
    await this.measure(waiting.filter((one) => one.dueMeasure && isUp(one)));
  }

  private async endedFromOutside(dead: readonly Waiting[]): Promise<string[]> {
    const ids: string[] = [];
    for (const { id, containerId } of dead) {
      const exit = await this.engine.lastExit(containerId);
      if (exit && isFromOutside(exit)) ids.push(id);
    }
    return ids;
  }

  private async measure(due: readonly Waiting[]): Promise<void> {
    const measured: Measured[] = [];
    for (const { id, containerId } of due) {
      try {
        measured.push({ id, ...(await this.engine.containerUse(containerId)) });
      } catch (error) {
        if (!(error instanceof EngineError) || error.code === "unavailable") throw error;
        log.debug({ err: error, containerId }, "a waiting sandbox could not be measured; it may be gone");
      }
    }
    await recordUse(measured);
  }

  private async refill(): Promise<void> {
    const lanes = Array.from({ length: LANES }, () => this.startSome(MOST_STARTS / LANES));
    for (const lane of await Promise.allSettled(lanes)) if (lane.status === "rejected") throw lane.reason;
  }

  private async startSome(most: number): Promise<void> {
    for (let n = 0; n < most && !this.signal.aborted; n += 1) {
      const id = uuidv7();
      // Before its row is there: a look would take it for one that was lost.
      this.starting.add(id);
      try {
        const one = await addWarm(this.worker, id);
        if (!one || !(await startWarm(one, this.worker, this.engine))) return;
      } finally {
        this.starting.delete(id);
      }
    }
  }

  /** Found by their labels: a worker that was lost in the middle has made one that no row names. */
  private async removeRetired(): Promise<void> {
    const retiring = new Set(await listRetiring(this.worker.hostId));
    if (retiring.size === 0) return;
    const found = await this.engine.listContainers(await installationId());
    for (const { id, ownership } of found) {
      if (ownership.kind !== "warm" || !retiring.has(ownership.owner)) continue;
      await this.engine.removeContainer(id).catch((error: unknown) => {
        // Its row leads to it until it is gone.
        retiring.delete(ownership.owner);
        log.warn(
          { err: error, container: id },
          "a sandbox that nobody waits for stays; the next look tries again",
        );
      });
    }
    await forgetRetired([...retiring]);
  }
}

function complain(error: unknown): void {
  // That the engine is away is said by whoever watches it, once.
  const isAway = error instanceof EngineError && error.code === "unavailable";
  log[isAway ? "debug" : "warn"](
    { err: error },
    "the pools could not be looked after; the next look tries again",
  );
}
