/** Whether persistent sessions may be started in this installation: an administrator's choice, off at first. */
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record.server";
import { db, type Tx } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { AppError } from "@/lib/errors";
import { installationId } from "@/lib/installation.server";
import type { Actor } from "@/lib/users/roles";
import type { PersistenceWire, persistenceInputSchema } from "./wire";

export async function getPersistence(tx: Tx = db()): Promise<PersistenceWire> {
  const row = await tx.installation.findUnique({ where: { singleton: true } });
  return {
    allowed: row?.persistentAllowed ?? false,
    by: row?.persistentAllowedBy ?? null,
    archiveDays: env().KILN_ARCHIVE_DAYS,
  };
}

/** For sessions from now on: those that are persistent stay so. Asking for what holds already changes nothing. */
export async function setPersistence(
  actor: Actor,
  { allowed }: z.output<typeof persistenceInputSchema>,
): Promise<PersistenceWire> {
  const id = await installationId();
  return db().$transaction(async (tx) => {
    const { count } = await tx.installation.updateMany({
      where: { singleton: true, persistentAllowed: !allowed },
      data: { persistentAllowed: allowed, persistentAllowedBy: actor.name },
    });
    if (count === 1)
      await recordAudit(tx, actor, "installation.persistence", { kind: "installation", id }, { allowed });
    return getPersistence(tx);
  });
}

/**
 * The paths that a persistent session of the version keeps. Held until the session's row is there, so that the
 * switch orders itself before or after it. @throws AppError 409 `persistent_not_allowed`, `no_persistent_paths`.
 */
export async function persistentPathsOf(tx: Tx, versionId: string, number: number): Promise<string[]> {
  const allowed = await tx.$queryRaw<
    unknown[]
  >`SELECT 1 FROM installation WHERE persistent_allowed FOR SHARE`;
  if (allowed.length === 0)
    throw new AppError(
      409,
      "persistent_not_allowed",
      "Persistent sessions aren’t allowed here. An administrator allows them in Settings, under Sandboxes.",
    );
  const rows = await tx.$queryRaw<Array<{ path: string }>>`
    SELECT p.path FROM versions v, jsonb_array_elements_text(COALESCE(v.spec->'persistentPaths', '[]')) AS p(path)
    WHERE v.id = ${versionId}::uuid ORDER BY p.path`;
  if (rows.length === 0)
    throw new AppError(
      409,
      "no_persistent_paths",
      `Version ${number} names no persistent folders. Name some in a draft, and publish it.`,
    );
  return rows.map(({ path }) => path);
}

/** By profile: what a persistent session of its newest usable version would keep. Nothing where none may be started. */
export async function keepablePaths(
  versionIds: readonly string[],
  tx: Tx = db(),
): Promise<ReadonlyMap<string, string[]>> {
  if (versionIds.length === 0) return new Map();
  const rows = await tx.$queryRaw<Array<{ profileId: string; path: string }>>`
    SELECT v.profile_id AS "profileId", p.path
    FROM versions v, jsonb_array_elements_text(COALESCE(v.spec->'persistentPaths', '[]')) AS p(path)
    WHERE v.id = ANY(${[...versionIds]}::uuid[]) AND EXISTS (SELECT 1 FROM installation WHERE persistent_allowed)
    ORDER BY p.path`;
  const found = new Map<string, string[]>();
  for (const { profileId, path } of rows) found.set(profileId, [...(found.get(profileId) ?? []), path]);
  return found;
}
