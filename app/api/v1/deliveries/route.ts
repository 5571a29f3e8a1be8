import { listDeliveries } from "@/lib/channels/store.server";
import { pageQuery } from "@/lib/page";
import { route } from "@/lib/web/route.server";

/** What was sent, newest first. */
export const GET = route<Record<string, never>, never, typeof pageQuery>(
  { role: "admin", query: pageQuery },
  ({ query }) => listDeliveries(query),
);
