import { dashboardHostOf, openPreview } from "@/lib/previews/open.server";
import { openPreviewSchema } from "@/lib/previews/wire";
import { route } from "@/lib/web/route.server";
import { credentialRow } from "@/lib/web/session.server";

/** An address that opens a preview of one of the session's ports, once. */
export const POST = route<{ id: string }, typeof openPreviewSchema>(
  { role: "operator", body: openPreviewSchema },
  async ({ request, actor, params, body }) => {
    const dashboardHost = dashboardHostOf(request.headers);
    const wish = { ...body, dashboardHost };
    return Response.json(await openPreview(actor, params.id, await credentialRow(actor), wish), {
      status: 201,
      headers: { "cache-control": "no-store" },
    });
  },
);
