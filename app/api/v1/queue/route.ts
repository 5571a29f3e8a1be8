import { listQueue } from "@/lib/queue/queue.server";
import { route } from "@/lib/web/route.server";

export const GET = route({ role: "viewer" }, () => listQueue());
