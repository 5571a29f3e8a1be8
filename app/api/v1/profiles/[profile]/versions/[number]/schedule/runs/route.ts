import { pageQuery } from "@/lib/page";
import { versionNumber } from "@/lib/profiles/version-number";
import { listRuns } from "@/lib/schedules/store.server";
import { route } from "@/lib/web/route.server";

/** What became of the times that the version was due. */
export const GET = route<{ profile: string; number: string }, never, typeof pageQuery>(
  { role: "viewer", query: pageQuery },
  ({ params, query }) => listRuns(params.profile, versionNumber(params.number), query),
);
