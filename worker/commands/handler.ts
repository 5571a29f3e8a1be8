/** Carries out one command in a sandbox, once. */
import { answerCommand, type CommandAnswer, claimCommand } from "@/lib/commands/run.server";
import { insist } from "@/lib/db/insist.server";
import { type Engine, EngineError, type OutputChunk } from "@/worker/containers/types";
import { openEnvironment } from "@/worker/sessions/environment";
import { expectNext } from "@/worker/sessions/stand-by";
import { givenInput } from "./given-input";
import { MaskedOutput } from "./masked-output";
import { StreamedOutput } from "./streamed-output";

const MAX_OUTPUT_BYTES = 1024 * 1024;

export async function handleCommand(commandId: string, engine: Engine): Promise<void> {
  const claimed = await claimCommand(commandId);
  if (!claimed) return;
  const answer = (given: CommandAnswer) => insist(() => answerCommand(commandId, given));
  const { containerId, command, timeoutSeconds, spec, streamed, inputBytes, given: own } = claimed;
  if (!containerId) return answer({ error: "There is no sandbox any more to run it in." });
  const output = streamed ? new StreamedOutput(commandId) : null;
  let given: CommandAnswer;
  try {
    const { env, secrets } = await openEnvironment(own ?? { env: {}, secrets: [] });
    const masked = new MaskedOutput(secrets);
    const said = await engine.exec(containerId, {
      command,
      env,
      timeoutSeconds,
      maxBytes: output ? 0 : MAX_OUTPUT_BYTES,
      user: spec.user,
      workdir: spec.workdir,
      ...(inputBytes === null
        ? {}
        : { input: (signal: AbortSignal) => givenInput(commandId, inputBytes, signal) }),
      ...(output ? { onOutput: (chunk: OutputChunk) => output.add(chunk.stream, masked.push(chunk)) } : {}),
    });
    if (output) for (const { stream, data } of masked.end()) await output.add(stream, data);
    given = masked.answer(said);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    given = { error: error.message };
  }
  // Before the end is: whoever reads that has all of it.
  await output?.end();
  await answer(output && "exitCode" in given ? { ...given, truncated: output.dropped } : given);
  if ("exitCode" in given && own) expectNext(engine, containerId, spec);
}
