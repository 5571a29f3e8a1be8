/** What a person wants to be told: the usual, switched on or off, and what they have subscribed to. */
import type { z } from "zod";
import { eventSchema } from "@/lib/channels/wire";
import { db } from "@/lib/db/client.server";
import { AppError, notFound } from "@/lib/errors";
import { namedProfiles } from "@/lib/profiles/named.server";
import type { defaultsInputSchema, subscribeInputSchema, WishesWire } from "./wire";

/** Nobody reads that many; for all profiles there is one. */
const MOST = 200;
const SHOWN_OWNED = 10;

const named = { id: true, slug: true, name: true } as const;

export async function readWishes(userId: string): Promise<WishesWire> {
  const where = { owners: { some: { userId } }, archivedAt: null };
  const [user, profiles, count, rows] = await Promise.all([
    db().user.findUniqueOrThrow({
      where: { id: userId },
      select: { toldOfOwned: true, toldOfHosts: true },
    }),
    db().profile.findMany({ where, select: named, orderBy: { name: "asc" }, take: SHOWN_OWNED }),
    db().profile.count({ where }),
    db().subscription.findMany({
      where: { userId },
      select: { id: true, events: true, profile: { select: named } },
      orderBy: [{ profile: { name: "asc" } }, { id: "asc" }],
      take: MOST + 1,
    }),
  ]);
  return {
    owned: user.toldOfOwned,
    hosts: user.toldOfHosts,
    owns: { profiles, count },
    subscriptions: rows.map((row) => ({
      ...row,
      events: row.events.map((event) => eventSchema.parse(event)),
    })),
  };
}

/** Switches what they hear of without having asked. */
export async function setDefaults(
  userId: string,
  { owned, hosts }: z.output<typeof defaultsInputSchema>,
): Promise<void> {
  await db().user.update({
    where: { id: userId },
    data: {
      ...(owned === undefined ? {} : { toldOfOwned: owned }),
      ...(hosts === undefined ? {} : { toldOfHosts: hosts }),
    },
  });
}

/** Subscribing again to the same changes the events. @throws AppError 422 for a profile that isn't there; 409. */
export async function subscribe(
  userId: string,
  { profiles, events }: z.output<typeof subscribeInputSchema>,
): Promise<void> {
  await db().$transaction(async (tx) => {
    // Ordered by this lock, so that no two of them pass the limit together.
    await tx.$queryRaw`SELECT id FROM users WHERE id = ${userId}::uuid FOR UPDATE`;
    const ids = (await namedProfiles(tx, profiles)).map(({ id }) => id);
    if (ids.length === 0)
      await tx.$executeRaw`
        INSERT INTO subscriptions (id, user_id, profile_id, events) VALUES (uuid_v7(), ${userId}::uuid, NULL, ${events}::text[])
        ON CONFLICT (user_id) WHERE profile_id IS NULL DO UPDATE SET events = EXCLUDED.events`;
    else
      await tx.$executeRaw`
        INSERT INTO subscriptions (id, user_id, profile_id, events)
        SELECT uuid_v7(), ${userId}::uuid, p.id, ${events}::text[] FROM unnest(${ids}::uuid[]) p(id)
        ON CONFLICT (user_id, profile_id) WHERE profile_id IS NOT NULL DO UPDATE SET events = EXCLUDED.events`;
    if ((await tx.subscription.count({ where: { userId } })) > MOST)
      throw new AppError(
        409,
        "too_many_subscriptions",
        `These would be more than ${MOST}. Subscribe to all profiles instead.`,
      );
  });
}

/** @throws AppError 404, also when it is somebody else's. */
export async function unsubscribe(userId: string, id: string): Promise<void> {
  const { count } = await db().subscription.deleteMany({ where: { id, userId } });
  if (count === 0) throw notFound("subscription");
}
