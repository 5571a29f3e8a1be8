/**
 * Turns many change frames into few refetches. One pass at a time: a pass that began before a change can't
 * have seen it, so what arrives meanwhile waits for the next one. A flood of changes never cancels the
 * refetch that is under way, and the last change is always followed by one.
 */
import { type Clock, realClock } from "@/lib/clock";
import type { Change } from "@/lib/events/wire";

/** A lone change is on the page this soon. */
export const GATHER_MS = 150;
/** Between passes, while changes keep coming. */
export const PACE_MS = 600;
/** A refetch that hangs doesn't hold up the others for longer. */
const PASS_LIMIT_MS = 5_000;

export class Invalidator {
  private readonly kinds = new Set<Change["kind"]>();
  /** Takes the planned pass back. */
  private unplan: (() => void) | undefined;
  private busy = false;
  private lastEnd = Number.NEGATIVE_INFINITY;
  private stopped = false;

  /** @param refetch resolves when everything that is on the page is fresh. */
  constructor(
    private readonly refetch: (kinds: ReadonlySet<Change["kind"]>) => Promise<unknown>,
    private readonly onError: (error: unknown) => void,
    private readonly clock: Clock = realClock,
  ) {}

  add(kind: Change["kind"]): void {
    this.kinds.add(kind);
    this.plan();
  }

  start(): void {
    this.stopped = false;
    if (this.kinds.size > 0) this.plan();
  }

  stop(): void {
    this.stopped = true;
    this.unplan?.();
    this.unplan = undefined;
  }

  private plan(): void {
    if (this.busy || this.stopped || this.unplan) return;
    const wait = Math.max(GATHER_MS, this.lastEnd + PACE_MS - this.clock.now());
    this.unplan = this.clock.after(wait, () => void this.pass());
  }

  private async pass(): Promise<void> {
    this.unplan = undefined;
    this.busy = true;
    const kinds = new Set(this.kinds);
    this.kinds.clear();
    let lift: (() => void) | undefined;
    try {
      const timeUp = new Promise((resolve) => {
        lift = this.clock.after(PASS_LIMIT_MS, () => resolve(undefined));
      });
      await Promise.race([this.refetch(kinds), timeUp]);
    } catch (error) {
      this.onError(error);
    } finally {
      lift?.();
      this.busy = false;
      this.lastEnd = this.clock.now();
      if (this.kinds.size > 0) this.plan();
    }
  }
}
