/** A command's output as a streamed answer: ndjson for programs, events for whoever has a reader for those. */
import type { ExecFrame } from "@/lib/commands/wire";
import type { Actor } from "@/lib/users/roles";
import { asAppError } from "@/lib/web/problem.server";
import { pulledBody } from "./pulled-body.server";
import { openStream } from "./streams.server";

export type ExecForm = "json" | "ndjson" | "events";

export function wantedForm(request: Request): ExecForm {
  const accept = request.headers.get("accept") ?? "";
  if (accept.includes("application/x-ndjson")) return "ndjson";
  return accept.includes("text/event-stream") ? "events" : "json";
}

type Frames = (signal: AbortSignal) => AsyncGenerator<ExecFrame, void, void>;

/**
 * A stream can't be resumed: what was handed on is gone. @param run asks for the command
 * @throws AppError 429, and what `run` throws: before the answer begins.
 */
export async function execResponse(
  request: Request,
  actor: Actor,
  form: "ndjson" | "events",
  run: () => Promise<Frames>,
): Promise<Response> {
  const open = openStream(request, actor);
  try {
    const frames = await run();
    const encoder = new TextEncoder();
    const body = pulledBody(open, withFailure(frames(open.signal)), (frame) => {
      const json = JSON.stringify(frame);
      return encoder.encode(form === "ndjson" ? `${json}\n` : `event: ${nameOf(frame)}\ndata: ${json}\n\n`);
    });
    return new Response(body, {
      headers: {
        "content-type": form === "ndjson" ? "application/x-ndjson" : "text/event-stream",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
      },
    });
  } catch (error) {
    open.close();
    throw error;
  }
}

const nameOf = (frame: ExecFrame) => ("stream" in frame ? "output" : "exitCode" in frame ? "exit" : "error");

/** What goes wrong after the answer has begun is its last frame. */
async function* withFailure(
  frames: AsyncGenerator<ExecFrame, void, void>,
): AsyncGenerator<ExecFrame, void, void> {
  try {
    yield* frames;
  } catch (error) {
    const { code, message } = asAppError(error);
    yield { error: { code, message } };
  }
}
