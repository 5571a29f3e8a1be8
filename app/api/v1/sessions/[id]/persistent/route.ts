import { getPersisted } from "@/lib/volumes/store.server";
import { route } from "@/lib/web/route.server";

export const GET = route<{ id: string }>({ role: "viewer" }, ({ params }) => getPersisted(params.id));
