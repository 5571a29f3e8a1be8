/** What a session was given when it was started: its variables, and its secrets as they are now, sealed. */
import { db } from "@/lib/db/client.server";
import type { SealedSecret } from "@/lib/secrets/take.server";
import { sessionEnvSchema } from "./wire";

export interface SealedEnvironment {
  env: Record<string, string>;
  secrets: Array<Pick<SealedSecret, "id" | "name" | "sealed">>;
  /** Secrets that were deleted since. */
  missing: string[];
}

export async function readEnvironment(sessionId: string): Promise<SealedEnvironment> {
  const { env, secrets: names } = await db().session.findUniqueOrThrow({
    where: { id: sessionId },
    select: { env: true, secrets: true },
  });
  const secrets =
    names.length === 0
      ? []
      : await db().secret.findMany({
          where: { name: { in: names } },
          select: { id: true, name: true, sealed: true },
        });
  return {
    env: sessionEnvSchema.parse(env),
    secrets,
    missing: names.filter((wanted) => !secrets.some(({ name }) => name === wanted)),
  };
}
