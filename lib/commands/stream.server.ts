/** Runs a command in a sandbox and hands its output on while it runs. */
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import { Wake } from "@/lib/events/hub.server";
import { log } from "@/lib/log.server";
import type { Actor } from "@/lib/users/roles";
import { type OutputPiece, stopReading, takePieces } from "./output.server";
import { type Place, requestCommand, SLACK_MS } from "./run.server";
import type { ExecFrame, ExecRequest } from "./wire";

type End = Exclude<ExecFrame, { stream: string }>;
/** Output as it comes, byte for byte, and at last how it ended. */
export type RawFrame = OutputPiece | End;

/**
 * Frames of output as they come, then one with the end. A reader that leaves doesn't end the command: it goes on to its end,
 * or to its time-out.
 * @returns once the command is asked for; its frames are pulled.
 */
export async function streamCommand(
  actor: Actor,
  place: Place,
  request: ExecRequest,
): Promise<(signal: AbortSignal) => AsyncGenerator<ExecFrame, void, void>> {
  const commandId = await requestCommand(actor, place, request, { streamed: true, withEnvironment: true });
  return (signal) => asText(rawFrames(commandId, request, signal));
}

const newDecoder = () => new TextDecoder("utf-8", { ignoreBOM: true });

async function* asText(frames: AsyncGenerator<RawFrame, void, void>): AsyncGenerator<ExecFrame, void, void> {
  // A letter may be cut in two.
  const decoders = { stdout: newDecoder(), stderr: newDecoder() };
  for await (const frame of frames) {
    if ("data" in frame) {
      const text = decoders[frame.stream].decode(frame.data, { stream: true });
      if (text !== "") yield { stream: frame.stream, text };
      continue;
    }
    for (const stream of ["stdout", "stderr"] as const) {
      const rest = decoders[stream].decode();
      if (rest !== "") yield { stream, text: rest };
    }
    yield frame;
  }
}

/** What a command that was asked for as streamed says. @throws AppError 504 `exec_timed_out`. */
export async function* rawFrames(
  commandId: string,
  { timeoutSeconds }: Pick<ExecRequest, "timeoutSeconds">,
  signal: AbortSignal,
): AsyncGenerator<RawFrame, void, void> {
  const deadline = Date.now() + timeoutSeconds * 1000 + SLACK_MS;
  const wake = new Wake((pointer) => pointer.kind === "command" && pointer.id === commandId);
  let ended = false;
  try {
    while (!signal.aborted) {
      // The status before the pieces: nothing is written after the end, so what is read then is all there is.
      const end = await readEnd(commandId);
      const pieces = await takePieces(commandId);
      yield* pieces;
      if (pieces.length > 0) continue;
      if (end) {
        ended = true;
        yield end;
        return;
      }
      if (Date.now() > deadline)
        throw new AppError(
          504,
          "exec_timed_out",
          "No answer came in time: the sandbox's worker is busy or away. The command may still run.",
        );
      await wake.next(1_000, signal);
    }
  } finally {
    wake.close();
    if (!ended)
      await stopReading(commandId).catch((error: unknown) =>
        log.warn(
          { err: error, commandId },
          "a command's output could not be let go of; its worker does so after a while",
        ),
      );
  }
}

async function readEnd(id: string): Promise<End | null> {
  const row = await db().sandboxCommand.findUnique({
    where: { id },
    select: { status: true, exitCode: true, error: true, truncated: true },
  });
  if (!row) return { error: { code: "exec_failed", message: "The sandbox is gone." } };
  if (row.status === "failed")
    return { error: { code: "exec_failed", message: row.error ?? "The command could not be run." } };
  return row.status === "done" ? { exitCode: row.exitCode ?? -1, truncated: row.truncated } : null;
}
