/**
 * Sandboxes that wait for the next edit. Who publishes or tries a draft mostly changes its last step, looks, and changes it
 * again; and making and starting a container is most of what such a build takes. So one is started ahead where the last build's
 * last step began: the next build that would make the very same one takes it. In this process's memory only: what is lost costs
 * a second.
 */
import { setTimeout as delay } from "node:timers/promises";
import { installationId } from "@/lib/installation.server";
import { log } from "@/lib/log.server";
import type { ContainerPlan, Engine, WaitingContainer } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { waitingName } from "./waiting-name";

const MOST = 3;
/** After a build, so that it stands in nobody's way; not at all while others run. */
const QUIET_MS = 1_000;

interface Waiting extends WaitingContainer {
  timer: NodeJS.Timeout;
}

export class WaitingSandboxes {
  private readonly waiting = new Map<string, Waiting>();
  private readonly closed = new AbortController();

  /** @param minutes how long one waits; 0 for none at all. @param isBusy whether builds run */
  constructor(
    private readonly worker: WorkerIdentity,
    private readonly engine: Engine,
    private readonly minutes: number,
    private readonly isBusy: () => boolean,
  ) {}

  /** One build's use of them. @param enabled false for one that nobody edits, such as a refresh */
  turn(enabled: boolean): Turn {
    return new Turn(this, enabled && this.minutes > 0);
  }

  /** One that was made by the same plan and waits still, or null. It is the caller's from now on. */
  async take(plan: ContainerPlan): Promise<WaitingContainer | null> {
    const key = keyOf(plan);
    const found = this.waiting.get(key);
    if (!found) return null;
    // At once: no second build may have it.
    this.waiting.delete(key);
    clearTimeout(found.timer);
    if (await this.engine.isRunning(found.id)) return found;
    await this.remove(found.id);
    return null;
  }

  /** Makes one by this plan, soon, in the background. */
  async prepare(plan: ContainerPlan): Promise<void> {
    const key = keyOf(plan);
    try {
      await delay(QUIET_MS, undefined, { signal: this.closed.signal, ref: false });
      if (this.isBusy() || this.waiting.has(key)) return;
      const ownership = {
        installation: await installationId(),
        kind: "waiting" as const,
        owner: this.worker.id,
      };
      const made = await this.engine.startWaiting({ ...plan, name: waitingName(), ownership });
      if (this.closed.signal.aborted || this.waiting.has(key)) return await this.remove(made.id);
      const timer = setTimeout(() => void this.drop(key), this.minutes * 60_000);
      timer.unref();
      this.waiting.set(key, { ...made, timer });
      const [oldest] = this.waiting.keys();
      if (this.waiting.size > MOST && oldest) await this.drop(oldest);
    } catch (error) {
      if (!this.closed.signal.aborted) log.debug({ err: error }, "no sandbox waits for the next edit");
    }
  }

  /** Removes those that wait, and makes no more. */
  async close(): Promise<void> {
    this.closed.abort();
    await Promise.all([...this.waiting.keys()].map((key) => this.drop(key)));
  }

  private async drop(key: string): Promise<void> {
    const found = this.waiting.get(key);
    this.waiting.delete(key);
    if (!found) return;
    clearTimeout(found.timer);
    await this.remove(found.id);
  }

  private async remove(id: string): Promise<void> {
    await this.engine
      .removeContainer(id)
      .catch((error: unknown) => log.warn({ err: error }, "a sandbox that waited is left for the sweep"));
  }
}

/** What one build takes and leaves. */
export class Turn {
  private last: ContainerPlan | null = null;

  constructor(
    private readonly waiting: WaitingSandboxes,
    private readonly enabled: boolean,
  ) {}

  /** What a step of the build runs in, whoever started it. */
  note(plan: ContainerPlan): void {
    this.last = plan;
  }

  /** One that is there already instead of one that would be made, or null. */
  async take(plan: ContainerPlan): Promise<WaitingContainer | null> {
    return this.enabled ? this.waiting.take(plan) : null;
  }

  /** The build is over: the next one may want to begin where its last step did. */
  end(): void {
    if (this.enabled && this.last) void this.waiting.prepare(this.last);
  }
}

/** All that a container is made from, but whose it is. */
function keyOf({ name: _name, ownership: _ownership, ...plan }: ContainerPlan): string {
  return JSON.stringify(plan, (_, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}
