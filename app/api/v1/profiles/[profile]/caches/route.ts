import { clearCaches } from "@/lib/caches/clear.server";
import { listCaches } from "@/lib/caches/store.server";
import { clearCachesSchema } from "@/lib/caches/wire";
import { route } from "@/lib/web/route.server";

type Params = { profile: string };

/** A profile has a few: one page. */
export const GET = route<Params>({ role: "viewer" }, async ({ params }) => ({
  items: await listCaches(params.profile),
  nextCursor: null,
}));

/** They go when no build uses them; the answer says which were asked for. */
export const DELETE = route<Params, never, typeof clearCachesSchema>(
  { role: "operator", query: clearCachesSchema },
  async ({ actor, params, query }) =>
    Response.json(
      { items: await clearCaches(actor, params.profile, query.path), nextCursor: null },
      { status: 202, headers: { "cache-control": "no-store" } },
    ),
);
