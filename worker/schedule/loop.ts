/** Looks every other second for schedules that are due. Which of many workers settles one, the database decides. */
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "@/lib/env.server";
import { log } from "@/lib/log.server";
import { dispatchNext } from "@/lib/schedules/dispatch.server";
import { refreshForReason } from "@/lib/schedules/reasons.server";
import { ignoreAbort } from "../heartbeat";

const LOOK_MS = 2_000;
/** So that a leaving worker isn't held up by a thousand of them. */
const AT_ONCE = 50;
/** What isn't due at a time of its own is looked for less often. */
const REASONS_MS = 15_000;

/** Runs until `signal` aborts. A look that fails is said, and the next one tries again. */
export async function dispatchSchedules(signal: AbortSignal): Promise<void> {
  // Where what has moved is seen at once, it is acted upon as soon.
  const reasonsMs = Math.min(REASONS_MS, env().KILN_UPSTREAM_MINUTES * 60_000);
  let reasonsSeen = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      if (performance.now() - reasonsSeen >= reasonsMs) {
        reasonsSeen = performance.now();
        for (let asked = 0; asked < AT_ONCE && !signal.aborted; asked += 1)
          if ((await refreshForReason()) === null) break;
      }
      for (let settled = 0; settled < AT_ONCE && !signal.aborted; settled += 1)
        if ((await dispatchNext()) === null) break;
    } catch (error) {
      log.warn({ err: error }, "schedules could not be looked at; the next look tries again");
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(ignoreAbort);
  }
}
