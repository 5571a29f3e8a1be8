/** The time and its timers, handed in to what a test moves the time of. */
export interface Clock {
  /** Milliseconds since whenever. */
  now: () => number;
  /** Runs it once, after so many milliseconds. @returns what takes that back; safe to call late or twice. */
  after: (milliseconds: number, run: () => void) => () => void;
}

export const realClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};
