/** What a session was given when it was started: its variables, and its secrets as they are now, sealed. */
import { db } from "@/lib/db/client.server";
import type { SealedSecret } from "@/lib/secrets/take.server";
import { type Given, givenSchema } from "./wire";

export async function readGiven(sessionId: string): Promise<Given> {
  const row = await db().session.findUniqueOrThrow({
    where: { id: sessionId },
    select: { env: true, secrets: true },
  });
  return givenSchema.parse(row);
}

/** @returns those that there are. */
export async function readSecrets(
  names: string[],
): Promise<Array<Pick<SealedSecret, "id" | "name" | "sealed">>> {
  return db().secret.findMany({
    where: { name: { in: names } },
    select: { id: true, name: true, sealed: true },
  });
}
