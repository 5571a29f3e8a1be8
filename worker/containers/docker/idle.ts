/** A stream that has begun and says nothing any more: its connection may never notice. */
import { DeadlineError, type OpenStream } from "./deadline";

export interface IdleGuard {
  /** Only the engine's time counts, not that of whoever takes in what it said. */
  pause(): void;
  resume(): void;
  /** @throws DeadlineError when it was too long. */
  throwIfOver(): void;
}

/** Closes the stream when it has said nothing for too long. */
export function idleGuard(what: string, { close }: OpenStream, milliseconds: number): IdleGuard {
  let over = false;
  let timer: NodeJS.Timeout | undefined;
  const pause = () => clearTimeout(timer);
  const resume = () => {
    pause();
    timer = setTimeout(() => {
      over = true;
      close();
    }, milliseconds);
  };
  resume();
  return {
    pause,
    resume,
    throwIfOver: () => {
      if (over) throw new DeadlineError(what, milliseconds);
    },
  };
}
