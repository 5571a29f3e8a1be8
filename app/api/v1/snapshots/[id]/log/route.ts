import { z } from "zod";
import { MAX_INT } from "@/lib/page";
import { readLines } from "@/lib/snapshots/read-log.server";
import { isTerminal } from "@/lib/snapshots/state";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { readStored } from "@/lib/snapshots/stored-log.server";
import { logResponse } from "@/lib/web/log-response.server";
import { route } from "@/lib/web/route.server";
import { eventStream } from "@/lib/web/sse.server";
import { logEvents } from "@/lib/web/tab-events.server";

const line = z.coerce.number().int().min(0).max(MAX_INT);
const query = z.object({
  after: line.optional(),
  before: line.optional(),
  limit: z.coerce.number().int().min(1).optional(),
});

/** Plain text, ndjson or a live event stream, by `Accept`. In a stream, `after` and ids are cursors of chunks. */
export const GET = route<{ id: string }, never, typeof query>(
  { role: "viewer", query },
  async ({ request, actor, params, query }) => {
    const snapshot = await getSnapshot(params.id);
    const accept = request.headers.get("accept") ?? "";
    if (!accept.includes("text/event-stream")) {
      const format = accept.includes("application/x-ndjson") ? "ndjson" : "text";
      return logResponse(snapshot, format, readLines(snapshot.id, query, request.signal));
    }
    const lastSeen = Math.min(Number.parseInt(request.headers.get("last-event-id") ?? "", 10), MAX_INT);
    const after = lastSeen >= 0 ? lastSeen : (query.after ?? 0);
    // A browser comes back after every end of a stream; this answer tells it that there is nothing more.
    if (lastSeen >= 0 && isTerminal(snapshot.status) && (await readStored(snapshot.id, after)).length === 0)
      return new Response(null, { status: 204 });
    return eventStream(request, actor, (signal) => logEvents(snapshot.id, after, signal));
  },
);
