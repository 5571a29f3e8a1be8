/** Carries out one command in a sandbox, once. */
import { answerCommand, type CommandAnswer, claimCommand } from "@/lib/commands/run.server";
import { insist } from "@/lib/db/insist.server";
import { type Engine, EngineError } from "@/worker/containers/types";

const MAX_OUTPUT_BYTES = 1024 * 1024;

export async function handleCommand(commandId: string, engine: Engine): Promise<void> {
  const claimed = await claimCommand(commandId);
  if (!claimed) return;
  const answer = (given: CommandAnswer) => insist(() => answerCommand(commandId, given));
  const { containerId, command, timeoutSeconds, spec } = claimed;
  if (!containerId) return answer({ error: "There is no sandbox any more to run it in." });
  let given: CommandAnswer;
  try {
    given = await engine.exec(containerId, {
      command,
      timeoutSeconds,
      maxBytes: MAX_OUTPUT_BYTES,
      user: spec.user,
      workdir: spec.workdir,
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    given = { error: error.message };
  }
  await answer(given);
}
