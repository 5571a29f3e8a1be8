/** What becomes of a session's start when the engine hasn't got its snapshot's image (F20). */
import { insist } from "@/lib/db/insist.server";
import { readSessionPlan, type SessionPlan } from "@/lib/sessions/progress.server";
import { reseatSession } from "@/lib/sessions/reseat.server";
import type { Engine } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { settleVersion } from "@/worker/sweep/lost-images";

export type SeatedAgain =
  /** Start it from this one. */
  | { plan: SessionPlan }
  /** Nothing can be done; the sentence says what is being done about it. */
  | { message: string }
  /** It goes on elsewhere, or is over. */
  | null;

/**
 * The loss is written down, and the session moves onto the snapshot that serves now.
 * @param refusal what is said when the image is there after all: something else was missing
 * @throws EngineError when the engine doesn't answer
 */
export async function seatAgain(
  plan: SessionPlan,
  worker: WorkerIdentity,
  engine: Engine,
  refusal: string,
): Promise<SeatedAgain> {
  await settleVersion(worker, engine, plan.versionId);
  const now = await insist(() => readSessionPlan(plan.id));
  if (now?.imageId) return { message: refusal };
  const seat = await insist(() => reseatSession(plan, worker));
  if (seat.kind === "nothing") return { message: seat.message };
  if (seat.kind === "not_ours" || seat.hostId !== worker.hostId) return null;
  const next = await insist(() => readSessionPlan(plan.id));
  return next && { plan: next };
}
