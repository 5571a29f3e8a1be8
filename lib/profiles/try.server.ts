/**
 * Trying a draft: its spec is frozen in a version of state `trial`, and a snapshot of that is queued. From there on
 * it is built as any other. A partial unique index lets one try a profile be active; a second request joins it.
 */
import { v7 as uuidv7 } from "uuid";
import { db, type Tx } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { AppError } from "@/lib/errors";
import { requireSecrets } from "@/lib/secrets/require.server";
import { queueInserted } from "@/lib/snapshots/queue.server";
import { wishKept } from "@/lib/snapshots/request.server";
import { activeStatuses } from "@/lib/snapshots/state";
import { planSteps } from "@/lib/snapshots/steps";
import { getSnapshot, snapshotInclude, toSnapshotWire } from "@/lib/snapshots/store.server";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import type { Actor } from "@/lib/users/roles";
import { staleDraft } from "./draft.server";
import { type Spec, specSchema } from "./spec";
import { secretPlaces } from "./spec-secrets";
import { getDraft, getProfile, noDraft } from "./store.server";
import type { LastTryWire } from "./wire";

export interface TryRequest {
  keepOnFailure: boolean;
  /** When given, tries only what the person has seen. */
  revision?: number | undefined;
}

/**
 * @throws AppError 404 `no_draft`; 409 `profile_archived`; 412 `stale_draft`; 422 `invalid_draft` with the path of
 * each wrong field, `unknown_secret`.
 */
export async function tryDraft(
  actor: Actor,
  idOrSlug: string,
  { keepOnFailure, revision }: TryRequest,
): Promise<{ snapshot: SnapshotWire; joined: boolean }> {
  return db().$transaction(async (tx) => {
    const { id: profileId } = await getProfile(idOrSlug, tx);
    // Orders the requests of one profile; archiving takes it, too.
    const [profile] = await tx.$queryRaw<Array<{ archived: boolean }>>`
      SELECT archived_at IS NOT NULL AS archived FROM profiles WHERE id = ${profileId}::uuid FOR NO KEY UPDATE`;
    if (profile?.archived)
      throw new AppError(
        409,
        "profile_archived",
        "The profile is archived. Bring it back before you try its draft.",
      );
    const { spec, draft } = await readDraft(tx, profileId, revision);
    await requireSecrets(tx, secretPlaces(spec));
    // The active one can end between the refused insert and the look at it; then the next try inserts.
    for (let tries = 0; tries < 3; tries += 1) {
      const inserted = await insertTry(tx, actor, { profileId, draft, keepOnFailure });
      if (inserted) {
        const steps = planSteps(spec).map((step) =>
          step.name === "promote" ? { ...step, title: "Finish" } : step,
        );
        await queueInserted(tx, actor, { ...inserted, trigger: "try", steps });
        return { snapshot: await getSnapshot(inserted.id, tx), joined: false };
      }
      const active = await tx.snapshot.findFirst({
        where: { profileId, trigger: "try", status: { in: activeStatuses } },
        select: { id: true },
      });
      if (!active) continue;
      if (keepOnFailure) await wishKept(tx, active.id);
      return { snapshot: await getSnapshot(active.id, tx), joined: true };
    }
    throw new AppError(503, "busy", "The profile's tries are changing too fast. Try again.");
  });
}

interface FrozenDraft {
  /** As it is stored. */
  spec: unknown;
  revision: number;
  basedOn: number | null;
  updatedBy: string;
}

/**
 * Reads it once and locks nothing: what was looked at is what is frozen, whatever is saved meanwhile. (Saving locks
 * the draft before the profile; waiting here for the draft could wait for ever.)
 */
async function readDraft(
  tx: Tx,
  profileId: string,
  revision: number | undefined,
): Promise<{ draft: FrozenDraft; spec: Spec }> {
  const draft = await tx.version.findFirst({
    where: { profileId, state: "draft" },
    select: { spec: true, revision: true, basedOn: true, updatedBy: true },
  });
  if (!draft) throw noDraft();
  if (revision !== undefined && draft.revision !== revision) throw staleDraft(await getDraft(profileId, tx));
  const spec = specSchema.safeParse(draft.spec);
  if (spec.success) return { draft, spec: spec.data };
  const fields = spec.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  throw new AppError(
    422,
    "invalid_draft",
    `The draft can't be tried as it is: ${fields.length === 1 ? "one field needs" : `${fields.length} fields need`} attention.`,
    fields,
  );
}

/** One statement, so that the index decides about both rows. @returns null when another try is active. */
async function insertTry(
  tx: Tx,
  actor: Actor,
  { profileId, draft, keepOnFailure }: { profileId: string; draft: FrozenDraft; keepOnFailure: boolean },
): Promise<{ id: string; number: number } | null> {
  const [row] = await tx.$queryRaw<Array<{ id: string; number: number }>>`
    WITH counted AS (SELECT snapshot_count + 1 AS number FROM profiles WHERE id = ${profileId}::uuid), row AS (
      INSERT INTO snapshots (id, profile_id, version_id, number, trigger, mode, reuse, keep_on_failure, requested_by_kind, requested_by_id, requested_by_name)
      SELECT ${uuidv7()}::uuid, ${profileId}::uuid, ${uuidv7()}::uuid, counted.number, 'try', 'full', true, ${keepOnFailure},
             ${actor.kind}, ${actor.id}::uuid, ${actor.name}
      FROM counted
      ON CONFLICT (profile_id) WHERE trigger = 'try' AND status IN ('queued', 'running') DO NOTHING
      RETURNING id, version_id, number
    ), frozen AS (
      INSERT INTO versions (id, profile_id, state, spec, revision, based_on, updated_by)
      SELECT version_id, ${profileId}::uuid, 'trial', ${JSON.stringify(draft.spec)}::jsonb, ${draft.revision}, ${draft.basedOn}::int, ${draft.updatedBy}
      FROM row
    ), moved AS (UPDATE profiles SET snapshot_count = row.number FROM row WHERE profiles.id = ${profileId}::uuid)
    SELECT id, number FROM row`;
  return row ?? null;
}

/** The newest try, and whether the draft has changed since; null when there is none. @throws AppError 404. */
export async function getLastTry(idOrSlug: string): Promise<LastTryWire> {
  const profile = await getProfile(idOrSlug);
  const row = await db().snapshot.findFirst({
    where: { profileId: profile.id, trigger: "try" },
    orderBy: { number: "desc" },
    include: snapshotInclude,
  });
  const keepSeconds = env().KILN_KEEP_SECONDS;
  if (!row) return { snapshot: null, changed: null, draftRevision: null, keepSeconds };
  // What is in them counts, not how often they were saved.
  const [compared] = await db().$queryRaw<Array<{ changed: boolean; draftRevision: number }>>`
    SELECT draft.spec <> tried.spec AS changed, draft.revision AS "draftRevision" FROM versions draft, versions tried
    WHERE draft.profile_id = ${profile.id}::uuid AND draft.state = 'draft' AND tried.id = ${row.versionId}::uuid`;
  const { changed = null, draftRevision = null } = compared ?? {};
  return { snapshot: toSnapshotWire(row), changed, draftRevision, keepSeconds };
}
