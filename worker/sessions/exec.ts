/** Carries out one command in a session's container, once. */
import { answerCommand, claimCommand } from "@/lib/sessions/exec.server";
import { readSessionPlan } from "@/lib/sessions/progress.server";
import { type Engine, EngineError } from "@/worker/containers/types";

const MAX_OUTPUT_BYTES = 1024 * 1024;

export async function handleCommand(commandId: string, engine: Engine): Promise<void> {
  const claimed = await claimCommand(commandId);
  if (!claimed) return;
  const plan = await readSessionPlan(claimed.sessionId);
  if (!claimed.containerId || !plan)
    return answerCommand(commandId, { error: "The session has no sandbox." });
  try {
    const { command, timeoutSeconds } = claimed;
    const answer = await engine.exec(claimed.containerId, {
      command,
      timeoutSeconds,
      maxBytes: MAX_OUTPUT_BYTES,
      user: plan.spec.user,
      workdir: plan.spec.workdir,
    });
    await answerCommand(commandId, answer);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    await answerCommand(commandId, { error: error.message });
  }
}
