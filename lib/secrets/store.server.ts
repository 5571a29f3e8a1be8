/** Reads secrets as they cross the wire: names, times and users; the ciphertext stays in the database. */
import { db, type Tx } from "@/lib/db/client.server";
import type { Page, PageQuery } from "@/lib/page";
import type { SecretWire } from "./wire";

const shown = {
  id: true,
  name: true,
  revision: true,
  createdAt: true,
  createdBy: true,
  updatedAt: true,
  updatedBy: true,
} as const;

/** By name, which is the cursor. */
export async function listSecrets({ query, cursor, limit }: PageQuery): Promise<Page<SecretWire>> {
  const rows = await db().secret.findMany({
    where: {
      name: {
        ...(cursor ? { gt: cursor } : {}),
        ...(query ? { contains: query.replaceAll(/[\\%_]/g, "\\$&"), mode: "insensitive" as const } : {}),
      },
    },
    select: shown,
    orderBy: { name: "asc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit);
  const uses = await usesOf(
    items.map(({ name }) => name),
    db(),
  );
  return {
    items: items.map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      usedBy: uses.flatMap(({ name, ...use }) => (name === row.name ? [use] : [])),
    })),
    nextCursor: rows.length > limit ? (items.at(-1)?.name ?? null) : null,
  };
}

export interface SecretUse {
  name: string;
  /** The profile's slug. */
  profile: string;
  version: number;
}

/** The newest versions that name one of these secrets, for the setup or for a clone, of profiles that aren't archived. */
export async function usesOf(names: readonly string[], tx: Tx): Promise<SecretUse[]> {
  return tx.$queryRaw<SecretUse[]>`
    SELECT secret.name, p.slug AS profile, v.number AS version
    FROM profiles p JOIN versions v ON v.profile_id = p.id AND v.number = p.version_count
    CROSS JOIN LATERAL (
      SELECT jsonb_array_elements_text(COALESCE(v.spec->'secrets', '[]'::jsonb))
      UNION SELECT repository->>'secret' FROM jsonb_array_elements(COALESCE(v.spec->'repositories', '[]'::jsonb)) AS repository
    ) AS secret(name)
    WHERE p.archived_at IS NULL AND secret.name = ANY(${names}::text[])
    ORDER BY p.slug`;
}
