/**
 * Turns many change frames into few refetches. One pass at a time: a pass that began before a change can't
 * have seen it, so what arrives meanwhile waits for the next one. A flood of changes never cancels the
 * refetch that is under way, and the last change is always followed by one.
 */
import type { Change } from "@/lib/events/wire";

/** A lone change is on the page this soon. */
export const GATHER_MS = 150;
/** Between passes, while changes keep coming. */
export const PACE_MS = 600;
/** A refetch that hangs doesn't hold up the others for longer. */
const PASS_LIMIT_MS = 5_000;

export class Invalidator {
  private readonly kinds = new Set<Change["kind"]>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  private lastEnd = Number.NEGATIVE_INFINITY;
  private stopped = false;

  /** @param refetch resolves when everything that is on the page is fresh. */
  constructor(
    private readonly refetch: (kinds: ReadonlySet<Change["kind"]>) => Promise<unknown>,
    private readonly onError: (error: unknown) => void,
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
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private plan(): void {
    if (this.busy || this.stopped || this.timer !== undefined) return;
    const wait = Math.max(GATHER_MS, this.lastEnd + PACE_MS - Date.now());
    this.timer = setTimeout(() => void this.pass(), wait);
  }

  private async pass(): Promise<void> {
    this.timer = undefined;
    this.busy = true;
    const kinds = new Set(this.kinds);
    this.kinds.clear();
    let limit: ReturnType<typeof setTimeout> | undefined;
    try {
      const timeUp = new Promise((resolve) => {
        limit = setTimeout(resolve, PASS_LIMIT_MS);
      });
      await Promise.race([this.refetch(kinds), timeUp]);
    } catch (error) {
      this.onError(error);
    } finally {
      clearTimeout(limit);
      this.busy = false;
      this.lastEnd = Date.now();
      if (this.kinds.size > 0) this.plan();
    }
  }
}
