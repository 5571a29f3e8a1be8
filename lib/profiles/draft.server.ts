/** The draft's life: saved under an optimistic lock, made from a version, discarded, published. */

import { recordAudit } from "@/lib/audit/record.server";
import { db, Prisma, type Tx } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { AppError, notFound } from "@/lib/errors";
import { inheritSchedule } from "@/lib/schedules/store.server";
import { requireSecrets } from "@/lib/secrets/require.server";
import { requestSnapshot } from "@/lib/snapshots/request.server";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import type { Actor } from "@/lib/users/roles";
import { whereProfile } from "./slug";
import { type Spec, specSchema } from "./spec";
import { secretPlaces } from "./spec-secrets";
import { getDraft, getProfile, getVersion, noDraft } from "./store.server";
import type { DraftWire, VersionWire } from "./wire";

/**
 * Saves the draft if it is still at `revision`; `null` saves over whatever is there.
 * @throws AppError 412 `stale_draft` with the current revision and who saved it; 404 `no_draft`.
 */
export async function saveDraft(
  actor: Actor,
  idOrSlug: string,
  revision: number | null,
  spec: Spec,
): Promise<DraftWire> {
  return db().$transaction(async (tx) => {
    // The profile first, as publishing does: otherwise the two wait for each other. A refused save changes nothing of it.
    await tx.profile.updateMany({
      where: whereProfile(idOrSlug),
      data: { updatedAt: databaseTime(), updatedBy: actor.name },
    });
    const { count } = await tx.version.updateMany({
      where: {
        state: "draft",
        profile: { ...whereProfile(idOrSlug), archivedAt: null },
        ...(revision === null ? {} : { revision }),
      },
      data: { spec, revision: { increment: 1 }, updatedAt: databaseTime(), updatedBy: actor.name },
    });
    if (count === 0) {
      await refuseArchived(tx, idOrSlug);
      throw staleDraft(await getDraft(idOrSlug, tx));
    }
    return getDraft(idOrSlug, tx);
  });
}

export function staleDraft(current: DraftWire): AppError {
  return new AppError(
    412,
    "stale_draft",
    `${current.updatedBy || "Somebody"} saved this draft in the meantime (revision ${current.revision}). Load it, or save over it with that revision.`,
    [],
    { revision: current.revision, updatedBy: current.updatedBy },
  );
}

async function refuseArchived(tx: Tx, idOrSlug: string): Promise<void> {
  const profile = await getProfile(idOrSlug, tx);
  if (profile.archivedAt)
    throw new AppError(
      409,
      "profile_archived",
      "The profile is archived. Bring it back before you change it.",
    );
}

/**
 * Makes a draft from a published version, by default the newest.
 * @throws AppError 409 `draft_exists`; 404 when there is no such version.
 */
export async function createDraft(actor: Actor, idOrSlug: string, from?: number): Promise<DraftWire> {
  try {
    return await db().$transaction(async (tx) => {
      await refuseArchived(tx, idOrSlug);
      const source = await tx.version.findFirst({
        where: {
          state: "published",
          profile: whereProfile(idOrSlug),
          ...(from === undefined ? {} : { number: from }),
        },
        orderBy: { number: "desc" },
      });
      if (!source) throw notFound("version");
      const draft = await tx.version.create({
        data: {
          profileId: source.profileId,
          state: "draft",
          spec: specSchema.parse(source.spec),
          basedOn: source.number,
          updatedBy: actor.name,
        },
        select: { id: true },
      });
      await recordAudit(
        tx,
        actor,
        "draft.create",
        { kind: "version", id: draft.id },
        { from: source.number },
      );
      return getDraft(idOrSlug, tx);
    });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002")
      throw new AppError(
        409,
        "draft_exists",
        "The profile has a draft already. Publish or discard it first.",
      );
    throw error;
  }
}

/** @throws AppError 404 `no_draft`. */
export async function discardDraft(actor: Actor, idOrSlug: string): Promise<void> {
  await db().$transaction(async (tx) => {
    const { id } = await getProfile(idOrSlug, tx);
    const { count } = await tx.version.deleteMany({ where: { state: "draft", profileId: id } });
    if (count === 0) throw noDraft();
    await recordAudit(tx, actor, "draft.discard", { kind: "profile", id });
  });
}

/**
 * The draft becomes an immutable numbered version, and its snapshot is queued, in one transaction.
 * @param revision when given, publishes only what the person has seen.
 * @throws AppError 404 `no_draft`; 412 `stale_draft`; 409 `profile_archived`; 422 `unknown_secret`.
 */
export async function publishDraft(
  actor: Actor,
  idOrSlug: string,
  input: { notes: string; revision?: number | undefined },
): Promise<{ version: VersionWire; snapshot: SnapshotWire }> {
  return db().$transaction(async (tx) => {
    const { id } = await getProfile(idOrSlug, tx);
    const counted = await tx.$queryRaw<Array<{ number: number }>>`
      UPDATE profiles SET version_count = version_count + 1, updated_at = now(), updated_by = ${actor.name}
      WHERE id = ${id}::uuid AND archived_at IS NULL RETURNING version_count AS number`;
    const number = counted[0]?.number;
    if (number === undefined)
      throw new AppError(
        409,
        "profile_archived",
        "The profile is archived. Bring it back before you publish.",
      );
    const published = await tx.version.updateManyAndReturn({
      where: {
        state: "draft",
        profileId: id,
        ...(input.revision === undefined ? {} : { revision: input.revision }),
      },
      data: {
        state: "published",
        number,
        notes: input.notes,
        publishedAt: databaseTime(),
        publishedBy: actor.name,
      },
      select: { id: true, spec: true },
    });
    const versionId = published[0]?.id;
    if (!versionId) throw staleDraft(await getDraft(id, tx));
    await requireSecrets(tx, secretPlaces(specSchema.parse(published[0]?.spec)));
    await recordAudit(tx, actor, "version.publish", { kind: "version", id: versionId }, { number });
    await inheritSchedule(tx, actor, id, versionId);
    const { snapshot } = await requestSnapshot(tx, actor, { versionId, trigger: "publish", mode: "full" });
    return { version: await getVersion(id, number, tx), snapshot };
  });
}
