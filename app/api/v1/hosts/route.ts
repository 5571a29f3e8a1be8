import { listHosts } from "@/lib/hosts/store.server";
import { route } from "@/lib/web/route.server";

/** All of them: there are few. */
export const GET = route({ role: "viewer" }, async () => ({ items: await listHosts(), nextCursor: null }));
