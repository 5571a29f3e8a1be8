/** Reads a profile's caches as they cross the wire. */
import { db, type Tx } from "@/lib/db/client.server";
import { getProfile } from "@/lib/profiles/store.server";
import type { CacheWire } from "./wire";

/** By path, then by host. @throws AppError 404 for the profile. */
export async function listCaches(idOrSlug: string, tx: Tx = db()): Promise<CacheWire[]> {
  const { id } = await getProfile(idOrSlug, tx);
  const rows = await tx.cache.findMany({
    where: { profileId: id },
    include: { host: { select: { name: true } } },
    orderBy: [{ path: "asc" }, { host: { name: "asc" } }],
  });
  return rows.map((row) => ({
    path: row.path,
    host: row.host.name,
    bytes: row.bytes === null ? null : Number(row.bytes),
    measuredAt: row.measuredAt?.toISOString() ?? null,
    usedAt: row.usedAt.toISOString(),
    clearRequestedAt: row.clearRequestedAt?.toISOString() ?? null,
    clearedAt: row.clearedAt?.toISOString() ?? null,
  }));
}
