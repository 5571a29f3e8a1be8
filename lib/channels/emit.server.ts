/** What is told of snapshots, schedules and secrets. */
import type { Tx } from "@/lib/db/client.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { endingWords, namesOf } from "./endings";
import { tell } from "./tell.server";

/** A snapshot has become ready or has failed. Nobody hears of a try of a draft. */
export async function emitEnding(tx: Tx, id: string, status: "ready" | "failed"): Promise<void> {
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
  await tell(tx, {
    names,
    key: `snapshot ${id} ${status}`,
    profileId: snapshot.profileId,
    payload: {
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
    },
  });
}

/** A schedule has stopped by itself. */
export async function emitPaused(
  tx: Tx,
  { versionId, reason, at }: { versionId: string; reason: string; at: Date },
): Promise<void> {
  const { number, profileId, profile } = await tx.version.findUniqueOrThrow({
    where: { id: versionId },
    select: { number: true, profileId: true, profile: { select: { slug: true, name: true } } },
  });
  await tell(tx, {
    names: ["schedule.paused"],
    key: `schedule ${versionId} ${at.toISOString()}`,
    profileId,
    payload: {
      summary: `The schedule of ${profile.name} version ${number} stopped by itself: ${reason}`,
      data: { profile, version: number, reason, path: `/profiles/${profile.slug}` },
    },
  });
}

/** A secret has another value: what was built with it is out of date. */
export async function emitRotated(
  tx: Tx,
  { name, revision, by }: { name: string; revision: number; by: string },
): Promise<void> {
  await tell(tx, {
    names: ["secret.rotated"],
    key: `secret ${name} ${revision}`,
    profileId: null,
    payload: {
      summary: `${by} rotated the secret ${name}. Refresh what was built with it.`,
      data: { name, by, path: "/settings/secrets" },
    },
  });
}
