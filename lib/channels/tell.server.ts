/**
 * Writes the messages of an event in the event's own transaction: it is announced if and only if it happened, to each
 * channel and to each person once. Sending is a worker's.
 */
import type { Tx } from "@/lib/db/client.server";
import { hostEvents, ownerEvents } from "@/lib/inbox/wire";
import type { ChannelEvent, Payload } from "./wire";

export interface Told {
  /** What it is called, the name that says most first: whoever has chosen several hears of it by that one. */
  names: ChannelEvent[];
  /** What happened: the same twice is one message. */
  key: string;
  /** Whose it is; null for what is no profile's. */
  profileId: string | null;
  payload: Payload;
}

export async function tell(tx: Tx, told: Told): Promise<void> {
  await tellChannels(tx, told);
  await tellPeople(tx, told);
}

/** What is no profile's goes to the channels that aren't limited to some. */
async function tellChannels(tx: Tx, { names, key, profileId, payload }: Told): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO deliveries (id, channel_id, event, event_key, payload)
    SELECT gen_random_uuid(), c.id,
      (SELECT name FROM unnest(${names}::text[]) WITH ORDINALITY u(name, place) WHERE name = ANY (c.events) ORDER BY place LIMIT 1),
      ${key}, ${JSON.stringify(payload)}::jsonb
    FROM channels c WHERE c.events && ${names}::text[]
      AND (c.profile_ids = '{}' OR ${profileId}::uuid = ANY (c.profile_ids))
    ON CONFLICT DO NOTHING`;
}

/** Owners hear of their profiles, administrators of hosts, everybody of what they have subscribed to. */
async function tellPeople(tx: Tx, { names, key, profileId, payload }: Told): Promise<void> {
  await tx.$executeRaw`
    WITH named AS (SELECT name, place FROM unnest(${names}::text[]) WITH ORDINALITY n(name, place)),
    heard AS (
      SELECT u.id AS user_id, min(n.place) AS place FROM users u JOIN named n ON
        (u.told_of_owned AND n.name = ANY (${[...ownerEvents]}::text[])
          AND EXISTS (SELECT 1 FROM profile_owners o WHERE o.user_id = u.id AND o.profile_id = ${profileId}::uuid))
        OR (u.told_of_hosts AND u.role = 'admin' AND n.name = ANY (${[...hostEvents]}::text[]))
        OR EXISTS (SELECT 1 FROM subscriptions s WHERE s.user_id = u.id AND n.name = ANY (s.events)
          AND (s.profile_id IS NULL OR s.profile_id = ${profileId}::uuid))
      WHERE u.disabled_at IS NULL GROUP BY u.id)
    INSERT INTO inbox_messages (id, user_id, event, event_key, payload)
    SELECT uuid_v7(), h.user_id, n.name, ${key}, ${JSON.stringify(payload)}::jsonb FROM heard h JOIN named n USING (place)
    ON CONFLICT DO NOTHING`;
}
