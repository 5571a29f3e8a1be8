import { pageQuery } from "@/lib/page";
import { listSchedules } from "@/lib/schedules/store.server";
import { route } from "@/lib/web/route.server";

export const GET = route<Record<string, never>, never, typeof pageQuery>(
  { role: "viewer", query: pageQuery },
  ({ query }) => listSchedules(query),
);
