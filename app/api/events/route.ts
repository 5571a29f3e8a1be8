import { z } from "zod";
import { route } from "@/lib/web/route.server";
import { eventStream } from "@/lib/web/sse.server";
import { tabEvents } from "@/lib/web/tab-events.server";

const query = z.object({ log: z.uuid().optional(), after: z.coerce.number().int().min(0).default(0) });

/** The one event stream of a tab. A browser that comes back names the last log frame it has. */
export const GET = route({ role: "viewer", query }, async ({ request, actor, query: { log, after } }) => {
  const lastSeen = Number.parseInt(request.headers.get("last-event-id") ?? "", 10);
  const followed = log ? { id: log, afterSeq: lastSeen >= 0 ? lastSeen : after } : null;
  return eventStream(request, actor, (signal) => tabEvents(followed, signal));
});
