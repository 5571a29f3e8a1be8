/** A version may only name secrets that exist when it is published, and so may a session when it is started. */
import type { Tx } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";

/**
 * Holds the rows until the transaction's end, so that none is deleted meanwhile.
 * @throws AppError 422 `unknown_secret`, with the path of each that isn't there.
 */
export async function requireSecrets(
  tx: Tx,
  places: ReadonlyArray<{ name: string; path: string }>,
): Promise<void> {
  if (places.length === 0) return;
  const names = places.map(({ name }) => name);
  const rows = await tx.$queryRaw<Array<{ name: string }>>`
    SELECT name FROM secrets WHERE name = ANY(${names}::text[]) ORDER BY name FOR SHARE`;
  const known = new Set(rows.map(({ name }) => name));
  const fields = places.flatMap(({ name, path }) =>
    known.has(name) ? [] : [{ path, message: `There is no secret ${name}.` }],
  );
  if (fields.length === 0) return;
  const missing = [...new Set(names.filter((name) => !known.has(name)))].join(", ");
  throw new AppError(
    422,
    "unknown_secret",
    `There is no secret ${missing}. Make it in Settings → Secrets, or leave it out.`,
    fields,
  );
}
