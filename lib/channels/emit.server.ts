/**
 * Writes the messages of an event in the event's own transaction: it is announced if and only if it happened, and to each
 * channel once. Sending is a worker's.
 */
import type { Tx } from "@/lib/db/client.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { endingWords, namesOf } from "./endings";
import type { ChannelEvent, Payload } from "./wire";

/** @param names of the event, the one that says most first @param key what happened: the same twice is one message */
async function emit(tx: Tx, names: ChannelEvent[], key: string, payload: Payload): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO deliveries (id, channel_id, event, event_key, payload)
    SELECT gen_random_uuid(), c.id,
      (SELECT name FROM unnest(${names}::text[]) WITH ORDINALITY u(name, place) WHERE name = ANY (c.events) ORDER BY place LIMIT 1),
      ${key}, ${JSON.stringify(payload)}::jsonb
    FROM channels c WHERE c.events && ${names}::text[]
    ON CONFLICT DO NOTHING`;
}

const isHeard = async (tx: Tx, names: ChannelEvent[]) =>
  (await tx.channel.count({ where: { events: { hasSome: names } } })) > 0;

/** A snapshot has become ready or has failed. Nobody hears of a try of a draft. */
export async function emitEnding(tx: Tx, id: string, status: "ready" | "failed"): Promise<void> {
  if (
    !(await isHeard(tx, [
      "snapshot.ready",
      "snapshot.failed",
      "snapshot.first_failure",
      "snapshot.recovered",
    ]))
  )
    return;
  const snapshot = await getSnapshot(id, tx);
  if (snapshot.trigger === "try" || snapshot.version === null) return;
  const before = await tx.snapshot.findFirst({
    where: {
      profileId: snapshot.profileId,
      number: { lt: snapshot.number },
      version: { number: snapshot.version },
      status: { in: ["ready", "failed", "removed"] },
    },
    orderBy: { number: "desc" },
    select: { status: true },
  });
  const names = namesOf(status, before?.status ?? null);
  const { profile, version, number, trigger, mode, attempt, requestedBy, queuedAt, startedAt, finishedAt } =
    snapshot;
  await emit(tx, names, `snapshot ${id} ${status}`, {
    summary: endingWords(snapshot, names[0] ?? "snapshot.ready"),
    data: {
      snapshot: {
        ...{ id, number, status, trigger, mode, attempt, requestedBy, queuedAt, startedAt, finishedAt },
        failure: snapshot.failure,
      },
      profile,
      version,
      path: `/snapshots/${id}`,
    },
  });
}

/** A schedule has stopped by itself. */
export async function emitPaused(
  tx: Tx,
  { versionId, reason, at }: { versionId: string; reason: string; at: Date },
): Promise<void> {
  const { number, profile } = await tx.version.findUniqueOrThrow({
    where: { id: versionId },
    select: { number: true, profile: { select: { slug: true, name: true } } },
  });
  await emit(tx, ["schedule.paused"], `schedule ${versionId} ${at.toISOString()}`, {
    summary: `The schedule of ${profile.name} version ${number} stopped by itself: ${reason}`,
    data: { profile, version: number, reason, path: `/profiles/${profile.slug}` },
  });
}

/** A secret has another value: what was built with it is out of date. */
export async function emitRotated(
  tx: Tx,
  { name, revision, by }: { name: string; revision: number; by: string },
): Promise<void> {
  await emit(tx, ["secret.rotated"], `secret ${name} ${revision}`, {
    summary: `${by} rotated the secret ${name}. Refresh what was built with it.`,
    data: { name, by, path: "/settings/secrets" },
  });
}
