/** A clock that stands until a test moves it. */
import type { Clock } from "@/lib/clock";

interface Timer {
  at: number;
  run: () => void;
}

export class ManualClock implements Clock {
  private time = 0;
  private readonly timers = new Set<Timer>();

  readonly now = (): number => this.time;

  readonly after = (milliseconds: number, run: () => void): (() => void) => {
    const timer = { at: this.time + Math.max(0, milliseconds), run };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  };

  /** What falls into the span runs in its order, each with all that follows from it without waiting. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    await settled();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.time = next.at;
      this.timers.delete(next);
      next.run();
      await settled();
    }
    this.time = end;
  }

  private next(end: number): Timer | undefined {
    return [...this.timers].filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at)[0];
  }
}

/** All promises that wait for nothing but each other. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
