/** Asks for caches to be cleared. Only a column is set: a worker removes the volumes, as soon as no build uses them. */

import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { notFound } from "@/lib/errors";
import { getProfile } from "@/lib/profiles/store.server";
import type { Actor } from "@/lib/users/roles";
import { listCaches } from "./store.server";
import type { CacheWire } from "./wire";

/**
 * Asking again changes nothing. @param path one cache; all of them when it is left out.
 * @throws AppError 404 for the profile, or when it has no cache of that path.
 */
export async function clearCaches(actor: Actor, profile: string, path?: string): Promise<CacheWire[]> {
  return db().$transaction(async (tx) => {
    const { id } = await getProfile(profile, tx);
    const where = { profileId: id, ...(path === undefined ? {} : { path }) };
    const { count } = await tx.cache.updateMany({
      where: { ...where, clearRequestedAt: null },
      data: { clearRequestedAt: databaseTime(), clearRequestedBy: actor.name },
    });
    if (path !== undefined && count === 0 && (await tx.cache.count({ where })) === 0) throw notFound("cache");
    if (count > 0)
      await recordAudit(
        tx,
        actor,
        "profile.clear_caches",
        { kind: "profile", id },
        { path: path ?? null, count },
      );
    return listCaches(id, tx);
  });
}
