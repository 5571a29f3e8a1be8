/** This installation's id: what tells our containers and images from everybody else's. */
import { db } from "@/lib/db/client.server";

let known: string | undefined;

/** Made at the first call of all; every later call, from any process, reads the same. */
export async function installationId(): Promise<string> {
  if (known) return known;
  await db()
    .$executeRaw`INSERT INTO installation (singleton, id) VALUES (true, gen_random_uuid()) ON CONFLICT DO NOTHING`;
  const row = await db().installation.findUniqueOrThrow({ where: { singleton: true } });
  known = row.id;
  return row.id;
}
