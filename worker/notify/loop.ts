/** Sends what is due, every other second. Which of many workers takes a message, the database decides. */
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@/lib/log.server";
import { ignoreAbort } from "../heartbeat";
import { deliverNext } from "./deliver";

const LOOK_MS = 2_000;
/** At a time: a receiver that hangs holds up no other. */
const SENDERS = 3;

/** Runs until `signal` aborts; what is being sent then is sent. */
export async function deliverMessages(signal: AbortSignal): Promise<void> {
  await Promise.all(Array.from({ length: SENDERS }, () => deliverOn(signal)));
}

async function deliverOn(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const more = await deliverNext().catch((error: unknown) => {
      log.warn({ err: error }, "messages could not be looked at; the next look tries again");
      return false;
    });
    if (!more) await sleep(LOOK_MS, undefined, { signal }).catch(ignoreAbort);
  }
}
