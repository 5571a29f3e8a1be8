import { countUnread } from "@/lib/inbox/store.server";
import { personOf } from "@/lib/users/roles";
import { route } from "@/lib/web/route.server";

export const GET = route({ role: "viewer" }, async ({ actor }) => ({
  unread: await countUnread(personOf(actor)),
}));
