/** Removes what failed builds left when its time is over. The row leads to it until it is gone, whichever worker looks. */
import { log } from "@/lib/log.server";
import { forgetKept, listKept } from "@/lib/snapshots/kept-record.server";
import type { Engine } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";

/** @returns how many went. One that can't be removed doesn't keep the others. */
export async function tendKept({ hostId }: WorkerIdentity, engine: Engine): Promise<number> {
  let gone = 0;
  for (const kept of await listKept(hostId)) {
    if (!kept.expired) continue;
    try {
      await engine.removeContainer(kept.containerId);
      await engine.removeImage(kept.imageId);
      await forgetKept(kept);
      gone += 1;
    } catch (error) {
      log.warn({ err: error, ...kept }, "what was kept stays; the next look tries again");
    }
  }
  return gone;
}
