/** Removing containers so that they are really gone. */
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "./client";
import { withDeadline } from "./deadline";
import { isEngineError } from "./errors";

/** A mount that is still busy, as under load after a kill, is usually free at the second try. */
const TRIES_AFTER_FAILURE = 3;

/**
 * Kills and removes a container with its anonymous volumes. Safe to call twice, and while another process
 * removes it: the engine answers "conflict" then, and this waits until it is gone.
 */
export async function removeContainer(client: Client, container: string): Promise<void> {
  const until = Date.now() + client.deadlines.slow;
  for (let tries = 1, pause = 50; ; tries += 1, pause = Math.min(pause * 2, 1000)) {
    try {
      await withDeadline("remove container", client.deadlines.slow, (abortSignal) =>
        client.docker.getContainer(container).remove({ force: true, v: true, abortSignal }),
      );
      return;
    } catch (error) {
      if (isEngineError(error, "not_found")) return;
      const again =
        isEngineError(error, "conflict") || (isEngineError(error, "failed") && tries < TRIES_AFTER_FAILURE);
      if (!again || Date.now() + pause > until) throw error;
    }
    await delay(pause);
  }
}
