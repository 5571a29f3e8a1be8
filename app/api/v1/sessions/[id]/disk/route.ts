import { diskOfSession } from "@/lib/sandboxes/disk.server";
import { route } from "@/lib/web/route.server";

/** Asks the engine, which looks at every file: not for every few seconds. */
export const GET = route<{ id: string }>({ role: "operator" }, ({ request, params }) =>
  diskOfSession(params.id, request.signal),
);
