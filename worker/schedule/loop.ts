/** Looks every other second for schedules that are due. Which of many workers settles one, the database decides. */
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@/lib/log.server";
import { dispatchNext } from "@/lib/schedules/dispatch.server";
import { ignoreAbort } from "../heartbeat";

const LOOK_MS = 2_000;
/** So that a leaving worker isn't held up by a thousand of them. */
const AT_ONCE = 50;

/** Runs until `signal` aborts. A look that fails is said, and the next one tries again. */
export async function dispatchSchedules(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for (let settled = 0; settled < AT_ONCE && !signal.aborted; settled += 1)
        if ((await dispatchNext()) === null) break;
    } catch (error) {
      log.warn({ err: error }, "schedules could not be looked at; the next look tries again");
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(ignoreAbort);
  }
}
