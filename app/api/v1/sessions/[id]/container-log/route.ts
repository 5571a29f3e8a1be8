import { followContainerLog } from "@/lib/sandboxes/log.server";
import type { LogPiece } from "@/lib/sandboxes/wire";
import { route } from "@/lib/web/route.server";
import { eventStream, type SseFrame } from "@/lib/web/sse.server";

/** The end of the log and what comes, as events: each connection begins with the log's end anew. */
export const GET = route<{ id: string }>({ role: "operator" }, async ({ request, actor, params }) => {
  const leave = new AbortController();
  // Asked for before the stream begins: a refusal is an answer like any other until then.
  const pieces = await followContainerLog(params.id, AbortSignal.any([request.signal, leave.signal]));
  try {
    return eventStream(request, actor, (signal) => {
      signal.addEventListener("abort", () => leave.abort(), { once: true });
      return framesOf(pieces);
    });
  } catch (error) {
    leave.abort();
    throw error;
  }
});

async function* framesOf(pieces: AsyncGenerator<LogPiece, void, void>): AsyncGenerator<SseFrame, void, void> {
  yield { event: "begin", data: {} };
  for await (const { type, ...data } of pieces) yield { event: type, data };
}
