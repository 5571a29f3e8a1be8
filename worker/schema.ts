/** A worker of an older release doesn't begin on a database that a newer one has changed: it can't know what the rows mean (F28). */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { db } from "@/lib/db/client.server";

/** Seen from here, and from the one file that the worker is bundled into. */
const folder = path.join(import.meta.dirname, "../prisma/migrations");

/** @returns a sentence when the database has a migration that isn't this release's. */
export async function newerSchema(): Promise<string | null> {
  const known = await readdir(folder);
  const [newer] = await db().$queryRaw<Array<{ name: string }>>`
    SELECT migration_name AS name FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL AND migration_name <> ALL(${known}::text[])
    ORDER BY migration_name LIMIT 1`;
  if (!newer) return null;
  return `A newer release of Kiln has changed the database (${newer.name}), and this worker doesn't know how: start a worker of that release.`;
}
