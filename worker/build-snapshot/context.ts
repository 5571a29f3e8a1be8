/**
 * What all steps of a build share. Every write carries the claim, so a worker that lost its lease changes nothing
 * any more (I4).
 */
import { insist } from "@/lib/db/insist.server";
import type { KeptLayer } from "@/lib/layers/store.server";
import type { SecretValue } from "@/lib/secrets/forms";
import type { ClaimedSnapshot } from "@/lib/snapshots/claim.server";
import {
  type BuildProgress,
  moveSteps,
  type NamedMove,
  type StepMove,
  type StepProgress,
} from "@/lib/snapshots/progress.server";
import type { StepName } from "@/lib/snapshots/steps";
import { openCaches } from "@/worker/caches/open";
import type { CacheMount, Engine, Ownership, WaitingContainer } from "@/worker/containers/types";
import { ClaimLost, type LogWriter } from "./log-writer";
import type { Turn } from "./waiting-sandboxes";

export interface Build {
  claimed: ClaimedSnapshot;
  engine: Engine;
  log: LogWriter;
  installation: string;
  waiting: Turn;
  /** What is done of it: nothing, or what an earlier worker, or this one before the engine went away, has done. */
  progress: BuildProgress;
  /** Told at each step, for whoever names the step of a failure. */
  onStep: (step: StepName) => void;
  /** Aborts with a `StopReason`. */
  signal: AbortSignal;
}

/** What the caller tears down, whatever happened. */
export interface Remains {
  containers: Set<string>;
  imageId: string | null;
  /** What it was made from: nothing that is kept of it may hold one of the secrets. */
  given: { baseImage: string; secrets: readonly SecretValue[] } | null;
}

export interface Sandbox {
  id: string;
  /** It was started before: by a worker that was lost or left, or before the engine went away. */
  started: boolean;
  /** It runs already, and waits for what it is to do. */
  waiting?: WaitingContainer | undefined;
}

export class BuildContext {
  /** Containers that were made and filled, and have begun nothing yet, by step. */
  readonly filled = new Map<StepName, Sandbox>();
  /** What the first program starts from, when nothing is there of it. */
  startImage: string | null = null;
  /** What steps left that no search has looked through: it may be used again once the image has been searched. */
  readonly unsearched: Array<{ key: string; imageId: string; step: StepName }> = [];
  private opened: Promise<CacheMount[]> | undefined;
  /** Steps that are over and not written down as such yet: that goes together with what begins next. */
  private over: NamedMove[] = [];
  private begun: Promise<void> = Promise.resolve();

  constructor(
    readonly build: Build,
    readonly remains: Remains,
  ) {}

  /** The volumes for the version's caches; taken when the first container needs them. */
  caches(): Promise<CacheMount[]> {
    const { claimed, installation, log, signal } = this.build;
    this.opened ??= openCaches(claimed, installation, (line) => log.say(line), signal);
    return this.opened;
  }

  /** What is done of a step; a step that no row has can't have begun. */
  before(name: StepName): StepProgress {
    const step = this.build.progress.steps.find((one) => one.name === name);
    return step ?? { name, status: "pending", containerId: null, layerId: null, elapsedMs: 0 };
  }

  isDone(name: StepName): boolean {
    return ["done", "skipped"].includes(this.before(name).status);
  }

  /**
   * One step, from its first line to its last. One that has begun goes on, and its time with it. That it begins is
   * written down while its work is under way already; every other write waits for that.
   * @param work answers with what is written down at its end, if anything
   */
  async step<T>(
    name: StepName,
    work: () => Promise<T>,
    outcome: (result: T) => Partial<StepMove> = () => ({}),
  ): Promise<T> {
    this.enter(name);
    const begins = { name, status: "running" as const, firstLine: this.build.log.nextLine };
    this.begun = this.move(this.before(name).status === "running" ? [] : [begins]);
    const [result] = await Promise.allSettled([work(), this.begun]);
    // Work that failed is what is told, and not before its step counts as begun.
    if (result.status === "rejected") throw result.reason;
    await this.begun;
    // The last step's row is settled together with the snapshot's.
    if (name !== "promote") this.over.push({ name, status: "done", ...outcome(result.value) });
    return result.value;
  }

  skip(name: StepName, reason: string): void {
    if (this.isDone(name)) return;
    const { log } = this.build;
    this.enter(name);
    log.say(reason);
    this.over.push({ name, status: "skipped", firstLine: log.nextLine - 1 });
  }

  /** A step that doesn't have to be done again: its result is there. */
  reuse(
    name: StepName,
    { number: reusedFrom, profile }: Pick<KeptLayer, "number" | "profile">,
    layerId?: string,
  ): void {
    const { log } = this.build;
    this.enter(name);
    const since = `snapshot #${reusedFrom}${profile === null ? "" : ` of ${profile}`}`;
    log.say(`Nothing of it or before it has changed since ${since}: its result is used again`);
    const move = { name, status: "done" as const, reusedFrom, reusedProfile: profile };
    this.over.push({ ...move, firstLine: log.nextLine - 1, ...(layerId ? { layerId } : {}) });
  }

  private enter(name: StepName): void {
    this.build.signal.throwIfAborted();
    this.build.onStep(name);
    this.build.log.enter(name);
  }

  /** I4: a guarded write that found no row means that this worker has lost its claim. */
  async write(guarded: () => Promise<boolean>): Promise<void> {
    await this.begun;
    await this.insist(guarded);
  }

  /** Nothing of it is on its way to the rows any more. */
  settled(): Promise<void> {
    return this.begun;
  }

  private async move(begins: readonly NamedMove[]): Promise<void> {
    const moves = [...this.over, ...begins];
    if (moves.length > 0) await this.insist(() => moveSteps(this.build.claimed.claim, moves));
    this.over = [];
  }

  private async insist(guarded: () => Promise<boolean>): Promise<void> {
    if (!(await insist(guarded, this.build.signal)))
      throw new ClaimLost("the claim on this snapshot is lost");
  }

  ownership(kind: Ownership["kind"]): Ownership {
    const { installation, claimed } = this.build;
    const { snapshotId: owner, fence, workerId: worker } = claimed.claim;
    return kind === "snapshot" ? { installation, kind, owner } : { installation, kind, owner, fence, worker };
  }
}
