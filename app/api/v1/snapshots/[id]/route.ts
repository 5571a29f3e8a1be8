import { getSnapshot } from "@/lib/snapshots/store.server";
import { route } from "@/lib/web/route.server";

export const GET = route<{ id: string }>({ role: "viewer" }, ({ params }) => getSnapshot(params.id));
