import { listFolder } from "@/lib/sessions/entries.server";
import { filePathSchema } from "@/lib/sessions/wire";
import { route } from "@/lib/web/route.server";

/** What is in a folder. A command is run for it, so it takes who may run commands. */
export const GET = route<{ id: string }, never, typeof filePathSchema>(
  { role: "operator", query: filePathSchema },
  ({ actor, params, query: { path } }) => listFolder(actor, params.id, path),
);
