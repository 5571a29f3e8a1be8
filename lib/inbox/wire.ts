/** What people are told in the dashboard, and what they want to be told. */
import { z } from "zod";
import { type ChannelEvent, eventSchema } from "@/lib/channels/wire";
import { pageOf } from "@/lib/page";

/** What the owners of a profile hear of without having asked. */
export const ownerEvents = [
  "snapshot.first_failure",
  "snapshot.failed",
  "snapshot.recovered",
  "schedule.paused",
] as const satisfies readonly ChannelEvent[];
/** And administrators. */
export const hostEvents = ["disk.low", "worker.gone"] as const satisfies readonly ChannelEvent[];

/** A place in the dashboard; nothing that leads out of it. */
const place = z.string().regex(/^\/(?![/\\])/);
export const placeOf = (path: unknown): string | null => place.safeParse(path).data ?? null;

export const messageSchema = z.object({
  id: z.uuid(),
  event: eventSchema,
  /** What it says, in a sentence. */
  summary: z.string(),
  /** Where in the dashboard that is, if anywhere. */
  path: z.string().nullable(),
  createdAt: z.iso.datetime(),
  readAt: z.iso.datetime().nullable(),
});
export type MessageWire = z.infer<typeof messageSchema>;

export const unreadSchema = z.object({ unread: z.int() });
export const inboxSchema = pageOf(messageSchema).extend(unreadSchema.shape);
export type InboxWire = z.infer<typeof inboxSchema>;

/** All of them when none is named. */
export const readInputSchema = z.strictObject({ ids: z.array(z.uuid()).max(100).optional() });

const named = z.object({ id: z.uuid(), slug: z.string(), name: z.string() });

export const subscriptionSchema = z.object({
  id: z.uuid(),
  /** Null: all profiles, and what is no profile's. */
  profile: named.nullable(),
  events: z.array(eventSchema),
});
export type SubscriptionWire = z.infer<typeof subscriptionSchema>;

export const wishesSchema = z.object({
  /** Do they hear of the profiles that they own? */
  owned: z.boolean(),
  /** And, as an administrator, of hosts and workers? */
  hosts: z.boolean(),
  /** The first of the profiles that they own, and how many there are. */
  owns: z.object({ profiles: z.array(named), count: z.int() }),
  subscriptions: z.array(subscriptionSchema),
});
export type WishesWire = z.infer<typeof wishesSchema>;

export const defaultsInputSchema = z.strictObject({ owned: z.boolean(), hosts: z.boolean() }).partial();
export const subscribeInputSchema = z.strictObject({
  /** Ids or slugs; none is all profiles. */
  profiles: z.array(z.string().min(1).max(200)).max(20, "Choose at most 20 profiles at once.").default([]),
  events: z
    .array(eventSchema)
    .min(1, "Choose at least one event.")
    .transform((chosen) => [...new Set(chosen)]),
});
