/** What is to be sent. A worker takes a message for a while; one that dies with it lets it go by that. */
import { db } from "@/lib/db/client.server";
import { retryAfter } from "./backoff";
import { type ChannelKind, kindSchema, type Payload, payloadSchema } from "./wire";

/** Longer than sending takes at most. */
const CLAIM_SECONDS = 60;

export interface Outgoing {
  /** The same at every attempt: by it a receiver knows what it has had already. */
  id: string;
  attempts: number;
  event: string;
  createdAt: Date;
  payload: Payload;
  channel: {
    id: string;
    kind: ChannelKind;
    sealedTarget: Uint8Array;
    sealedKey: Uint8Array | null;
    allowPrivate: boolean;
  };
}

/** Takes the message that is due for longest. Any number of workers may ask. @returns null when none is. */
export async function takeMessage(): Promise<Outgoing | null> {
  const [row] = await db().$queryRaw<
    Array<Omit<Outgoing, "channel"> & { channelId: string } & Omit<Outgoing["channel"], "id">>
  >`
    UPDATE deliveries d SET attempts = d.attempts + 1, claimed_until = now() + make_interval(secs => ${CLAIM_SECONDS}::int)
    FROM channels c
    WHERE c.id = d.channel_id AND d.id = (
      SELECT id FROM deliveries WHERE status = 'pending' AND next_at <= now() AND (claimed_until IS NULL OR claimed_until < now())
      ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING d.id, d.attempts, d.event, d.created_at AS "createdAt", d.payload, c.id AS "channelId", c.kind,
      c.sealed_target AS "sealedTarget", c.sealed_key AS "sealedKey", c.allow_private AS "allowPrivate"`;
  if (!row) return null;
  const { id, attempts, event, createdAt, sealedTarget, sealedKey, allowPrivate } = row;
  return {
    ...{ id, attempts, event, createdAt, payload: payloadSchema.parse(row.payload) },
    channel: { id: row.channelId, kind: kindSchema.parse(row.kind), sealedTarget, sealedKey, allowPrivate },
  };
}

/** `final`: what was refused is refused for ever, and isn't tried again. */
export type Attempt =
  | { status: number; error: null }
  | { status: number | null; error: string; final?: boolean };

/** What became of an attempt. Only the one that was taken is settled: whoever was slow changes nothing. */
export async function settleMessage({ id, attempts }: Outgoing, attempt: Attempt): Promise<void> {
  const { status, error } = attempt;
  const retry = attempt.error === null || attempt.final ? null : retryAfter(attempts);
  const next = error === null ? "sent" : retry === null ? "failed" : "pending";
  await db().$executeRaw`
    UPDATE deliveries SET status = ${next}, last_status = ${status}::int, last_error = ${error}, claimed_until = NULL,
      next_at = now() + make_interval(secs => ${retry ?? 0}::int),
      ended_at = CASE WHEN ${next} = 'pending' THEN NULL ELSE now() END
    WHERE id = ${id}::uuid AND attempts = ${attempts} AND status = 'pending'`;
}

/** Messages that have ended are kept for this long. */
const KEPT_DAYS = 30;
const FORGOTTEN_AT_ONCE = 5_000;

export async function forgetMessages(): Promise<void> {
  await db().$executeRaw`
    DELETE FROM deliveries WHERE id IN (
      SELECT id FROM deliveries WHERE status <> 'pending' AND created_at < now() - make_interval(days => ${KEPT_DAYS}::int)
      LIMIT ${FORGOTTEN_AT_ONCE})`;
}
