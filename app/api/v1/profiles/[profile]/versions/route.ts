import { pageQuery } from "@/lib/page";
import { listVersions } from "@/lib/profiles/store.server";
import { route } from "@/lib/web/route.server";

export const GET = route<{ profile: string }, never, typeof pageQuery>(
  { role: "viewer", query: pageQuery },
  ({ params, query }) => listVersions(params.profile, query),
);
