import { pageQuery } from "@/lib/page";
import { listSecrets } from "@/lib/secrets/store.server";
import { route } from "@/lib/web/route.server";

export const GET = route({ role: "viewer", query: pageQuery }, ({ query }) => listSecrets(query));
