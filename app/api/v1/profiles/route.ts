import { z } from "zod";
import { pageQuery } from "@/lib/page";
import { createProfile } from "@/lib/profiles/create.server";
import { listProfiles } from "@/lib/profiles/store.server";
import { createProfileSchema } from "@/lib/profiles/wire";
import { route } from "@/lib/web/route.server";

const query = pageQuery.extend({ archived: z.stringbool().optional() });

export const GET = route({ role: "viewer", query }, ({ query }) => listProfiles(query));

export const POST = route({ role: "operator", body: createProfileSchema }, async ({ actor, body }) =>
  Response.json(await createProfile(actor, body), { status: 201 }),
);
