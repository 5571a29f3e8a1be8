import { followContainerLog } from "@/lib/sandboxes/log.server";
import type { LogPiece } from "@/lib/sandboxes/wire";
import { placeOf } from "@/lib/sessions/exec.server";
import { route } from "@/lib/web/route.server";
import { eventStream, type SseFrame } from "@/lib/web/sse.server";

/** The end of the log and what comes, as events: each connection begins with the log's end anew. */
export const GET = route<{ id: string }>({ role: "operator" }, async ({ request, actor, params }) => {
  await placeOf(params.id);
  return eventStream(request, actor, (signal) => framesOf(params.id, signal));
});

async function* framesOf(id: string, signal: AbortSignal): AsyncGenerator<SseFrame, void, void> {
  const pieces: AsyncGenerator<LogPiece, void, void> = await followContainerLog(id, signal);
  yield { event: "begin", data: {} };
  for await (const { type, ...data } of pieces) yield { event: type, data };
}
