/** Reads a person's inbox and marks what they have read. Messages are written by lib/channels/tell.server.ts. */

import { eventSchema, payloadSchema } from "@/lib/channels/wire";
import { db, type Prisma } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { isUuid } from "@/lib/uuid";
import { type InboxWire, type MessageWire, placeOf } from "./wire";

function toWire(row: Prisma.InboxMessageGetPayload<object>): MessageWire {
  const { summary, data } = payloadSchema.parse(row.payload);
  return {
    id: row.id,
    event: eventSchema.parse(row.event),
    summary,
    path: placeOf(data.path),
    createdAt: row.createdAt.toISOString(),
    readAt: row.readAt?.toISOString() ?? null,
  };
}

/** Newest first; the cursor is an id. */
export async function listInbox(
  userId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<InboxWire> {
  const rows = await db().inboxMessage.findMany({
    where: { userId, ...(cursor && isUuid(cursor) ? { id: { lt: cursor } } : {}) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map(toWire);
  return {
    items,
    nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null,
    unread: await countUnread(userId),
  };
}

export function countUnread(userId: string): Promise<number> {
  return db().inboxMessage.count({ where: { userId, readAt: null } });
}

/** @param ids of their own messages; all of them when it is left out. @returns how many wait now. */
export async function markRead(userId: string, ids?: readonly string[]): Promise<number> {
  await db().inboxMessage.updateMany({
    where: { userId, readAt: null, ...(ids ? { id: { in: [...ids] } } : {}) },
    data: { readAt: databaseTime() },
  });
  return countUnread(userId);
}

/** Messages are kept for this long, read or not. */
const KEPT_DAYS = 90;
const FORGOTTEN_AT_ONCE = 5_000;

export async function forgetInbox(): Promise<void> {
  await db().$executeRaw`
    DELETE FROM inbox_messages WHERE id IN (
      SELECT id FROM inbox_messages WHERE created_at < now() - make_interval(days => ${KEPT_DAYS}::int)
      LIMIT ${FORGOTTEN_AT_ONCE})`;
}
