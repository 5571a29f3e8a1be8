/** Which workers can be asked for a terminal, and whose a terminal is. */
import { Prisma } from "@/lib/db/client.server";
import { LOST_AFTER_SECONDS } from "@/lib/hosts/store.server";
import type { Whose } from "./wire";

/** Of the row `w`: it takes terminals, and was heard of lately. One that drains goes on with those that it has. */
export const livingWorker = () =>
  Prisma.sql`w.gateway IS NOT NULL AND w.status <> 'stopped' AND w.seen_at > now() - make_interval(secs => ${LOST_AFTER_SECONDS})`;

/** Of the row `t`: the column that says what its shell is in. */
export const placeColumn = (kind: Whose["kind"]) =>
  kind === "session" ? Prisma.sql`t.session_id` : Prisma.sql`t.snapshot_id`;
