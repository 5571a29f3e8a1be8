import { pageQuery } from "@/lib/page";
import { getVersion } from "@/lib/profiles/store.server";
import { versionNumber } from "@/lib/profiles/version-number";
import { listSnapshots } from "@/lib/snapshots/store.server";
import { route } from "@/lib/web/route.server";

export const GET = route<{ profile: string; number: string }, never, typeof pageQuery>(
  { role: "viewer", query: pageQuery },
  async ({ params, query }) => {
    const version = await getVersion(params.profile, versionNumber(params.number));
    return listSnapshots({ versionId: version.id, cursor: query.cursor, limit: query.limit });
  },
);
