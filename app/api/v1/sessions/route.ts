import { z } from "zod";
import { pageQuery } from "@/lib/page";
import { createSession } from "@/lib/sessions/create.server";
import { listSessions } from "@/lib/sessions/store.server";
import { createSessionSchema } from "@/lib/sessions/wire";
import { route } from "@/lib/web/route.server";

const query = pageQuery.extend({ profile: z.string().max(200).optional() });

export const GET = route({ role: "viewer", query }, ({ query }) => listSessions(query));

export const POST = route({ role: "operator", body: createSessionSchema }, async ({ actor, body }) =>
  Response.json(await createSession(actor, body), { status: 201 }),
);
