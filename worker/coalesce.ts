/** Many wishes for the same work become few: one at a time, and one more when somebody asked meanwhile. */
import { setTimeout as sleep } from "node:timers/promises";

/** @param everyMs between the beginnings of two runs. @param work handles its own errors. */
export function coalesce(work: () => Promise<void>, everyMs: number): () => void {
  let asked = false;
  let running = false;
  const run = async () => {
    running = true;
    while (asked) {
      asked = false;
      await Promise.all([work(), sleep(everyMs, undefined, { ref: false })]);
    }
    running = false;
  };
  return () => {
    asked = true;
    if (!running) void run();
  };
}
