import { z } from "zod";
import { MAX_INT } from "@/lib/page";
import { readText } from "@/lib/snapshots/read-text.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { pulledBody } from "@/lib/web/pulled-body.server";
import { route } from "@/lib/web/route.server";
import { openStream } from "@/lib/web/streams.server";

const query = z.object({ after: z.coerce.number().int().min(0).max(MAX_INT).default(0) });

/** All of the log's text after a line, for searching it: as fast as it can be read. */
export const GET = route<{ id: string }, never, typeof query>(
  { role: "viewer", query },
  async ({ request, actor, params, query: { after } }) => {
    const { id } = await getSnapshot(params.id);
    const open = openStream(request, actor);
    const body = pulledBody(open, readText(id, after, open.signal), (piece) => piece);
    return new Response(body, {
      headers: {
        "content-type": "text/plain; charset=utf-8",
        // Compressing it would take longer than sending it does where Kiln usually stands.
        "cache-control": "no-store, no-transform",
        "x-content-type-options": "nosniff",
      },
    });
  },
);
