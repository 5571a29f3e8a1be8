import { z } from "zod";
import { pageQuery } from "@/lib/page";
import { snapshotStatusSchema } from "@/lib/snapshots/state";
import { listSnapshots } from "@/lib/snapshots/store.server";
import { route } from "@/lib/web/route.server";

const query = pageQuery.extend({
  profile: z.string().max(200).optional(),
  status: snapshotStatusSchema.optional(),
});

export const GET = route({ role: "viewer", query }, ({ query }) => listSnapshots(query));
