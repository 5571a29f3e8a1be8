/** Carries out one sweep that somebody asked for, or looks at what it would do. */
import { insist } from "@/lib/db/insist.server";
import { answerSweep, claimSweep } from "@/lib/sweeps/progress.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { previewSweep, sweepNow } from "./sweep";

export async function handleSweep(sweepId: string, worker: WorkerIdentity, engine: Engine): Promise<void> {
  const claimed = await claimSweep(sweepId);
  if (!claimed) return;
  try {
    const items = await (claimed.dryRun ? previewSweep : sweepNow)(worker, engine);
    await insist(() =>
      answerSweep(
        sweepId,
        items ? { items } : { error: "Another sweep is at work on it. Try again in a moment." },
      ),
    );
  } catch (error) {
    const said = error instanceof EngineError ? error.message : "its worker's log has the details";
    await insist(() => answerSweep(sweepId, { error: `The sweep broke: ${said}.` }));
    if (!(error instanceof EngineError)) throw error;
  }
}
