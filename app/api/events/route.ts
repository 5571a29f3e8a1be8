import { z } from "zod";
import { MAX_INT } from "@/lib/page";
import { route } from "@/lib/web/route.server";
import { eventStream } from "@/lib/web/sse.server";
import { tabEvents } from "@/lib/web/tab-events.server";

const query = z.object({
  log: z.uuid().optional(),
  after: z.coerce.number().int().min(0).max(MAX_INT).default(0),
});

/** The one event stream of a tab. A browser that comes back names the last log frame it has. */
export const GET = route({ role: "viewer", query }, async ({ request, actor, query: { log, after } }) => {
  const lastSeen = Math.min(Number.parseInt(request.headers.get("last-event-id") ?? "", 10), MAX_INT);
  const followed = log ? { id: log, afterSeq: lastSeen >= 0 ? lastSeen : after } : null;
  return eventStream(request, actor, (signal) => tabEvents(followed, signal, actor.id));
});
