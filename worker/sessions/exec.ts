/** Carries out one command in a session's container, once. */
import { insist } from "@/lib/db/insist.server";
import { answerCommand, type CommandAnswer, claimCommand } from "@/lib/sessions/exec.server";
import { readSessionPlan } from "@/lib/sessions/progress.server";
import { type Engine, EngineError } from "@/worker/containers/types";

const MAX_OUTPUT_BYTES = 1024 * 1024;

export async function handleCommand(commandId: string, engine: Engine): Promise<void> {
  const claimed = await claimCommand(commandId);
  if (!claimed) return;
  const plan = await readSessionPlan(claimed.sessionId);
  const answer = (given: CommandAnswer) => insist(() => answerCommand(commandId, given));
  if (!claimed.containerId || !plan) return answer({ error: "The session has no sandbox." });
  let given: CommandAnswer;
  try {
    const { command, timeoutSeconds } = claimed;
    given = await engine.exec(claimed.containerId, {
      command,
      timeoutSeconds,
      maxBytes: MAX_OUTPUT_BYTES,
      user: plan.spec.user,
      workdir: plan.spec.workdir,
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    given = { error: error.message };
  }
  await answer(given);
}
