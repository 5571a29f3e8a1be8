import { listInbox } from "@/lib/inbox/store.server";
import { pageQuery } from "@/lib/page";
import { personOf } from "@/lib/users/roles";
import { route } from "@/lib/web/route.server";

/** The signed-in person's own messages, newest first. A token is nobody who could be told. */
export const GET = route<Record<string, never>, never, typeof pageQuery>(
  { role: "viewer", query: pageQuery },
  ({ actor, query }) => listInbox(personOf(actor), query),
);
