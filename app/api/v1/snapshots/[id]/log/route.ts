import { z } from "zod";
import { AppError } from "@/lib/errors";
import { MAX_INT } from "@/lib/page";
import { readLines } from "@/lib/snapshots/read-log.server";
import { isTerminal } from "@/lib/snapshots/state";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { readStored } from "@/lib/snapshots/stored-log.server";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { logResponse } from "@/lib/web/log-response.server";
import { route } from "@/lib/web/route.server";
import { eventStream } from "@/lib/web/sse.server";
import { openStream } from "@/lib/web/streams.server";
import { logEvents } from "@/lib/web/tab-events.server";

const line = z.coerce.number().int().min(0).max(MAX_INT);
const flag = z.enum(["0", "1"]).transform((value) => value === "1");
const query = z.object({
  after: line.optional(),
  before: line.optional(),
  limit: z.coerce.number().int().min(1).optional(),
  /** One line, all of it: lists have the first 16 KiB. */
  line: line.min(1).optional(),
  /** To be saved as a file. */
  download: flag.optional(),
  /** Without colours and links. */
  plain: flag.optional(),
});

/** Plain text, ndjson or a live event stream, by `Accept`. In a stream, `after` and ids are cursors of chunks. */
export const GET = route<{ id: string }, never, typeof query>(
  { role: "viewer", query },
  async ({ request, actor, params, query }) => {
    const snapshot = await getSnapshot(params.id);
    refuseExpired(snapshot);
    const accept = request.headers.get("accept") ?? "";
    if (query.download || query.line !== undefined || !accept.includes("text/event-stream")) {
      const range = query.line === undefined ? query : { after: query.line - 1, limit: 1 };
      const text = query.plain ? "plain" : "text";
      const format = accept.includes("application/x-ndjson") && query.line === undefined ? "ndjson" : text;
      const open = openStream(request, actor);
      // Nobody reads the body of its answer.
      if (request.method === "HEAD") open.close();
      const answer = { format, download: query.download ?? false, open } as const;
      return logResponse(snapshot, answer, readLines(snapshot.id, range, open.signal));
    }
    const lastSeen = Math.min(Number.parseInt(request.headers.get("last-event-id") ?? "", 10), MAX_INT);
    const after = lastSeen >= 0 ? lastSeen : (query.after ?? 0);
    // A browser comes back after every end of a stream; this answer tells it that there is nothing more.
    if (lastSeen >= 0 && isTerminal(snapshot.status) && (await readStored(snapshot.id, after)).length === 0)
      return new Response(null, { status: 204 });
    return eventStream(request, actor, (signal) => logEvents(snapshot.id, after, signal));
  },
);

function refuseExpired({ log }: SnapshotWire): void {
  if (log.expiredAt)
    throw new AppError(
      410,
      "log_expired",
      `This log was deleted on ${log.expiredAt.slice(0, 10)}, when its time was over. An administrator can have logs kept for longer with KILN_LOG_DAYS.`,
    );
}
