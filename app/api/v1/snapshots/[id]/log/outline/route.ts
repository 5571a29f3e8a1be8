import { readOutline } from "@/lib/snapshots/outline.server";
import { route } from "@/lib/web/route.server";

/** The log's shape: how many lines it has, which steps they are of, and where its groups and errors are. */
export const GET = route<{ id: string }>({ role: "viewer" }, ({ params }) => readOutline(params.id));
