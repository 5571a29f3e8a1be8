import { createChannel, listChannels } from "@/lib/channels/store.server";
import { channelInputSchema } from "@/lib/channels/wire";
import { route } from "@/lib/web/route.server";

export const GET = route({ role: "admin" }, () => listChannels());

/** The answer has the key that messages are signed with: nobody can read it again. */
export const POST = route<Record<string, never>, typeof channelInputSchema>(
  { role: "admin", body: channelInputSchema },
  async ({ actor, body }) => Response.json(await createChannel(actor, body), { status: 201 }),
);
