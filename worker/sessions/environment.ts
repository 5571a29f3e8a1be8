/** What each of a session's commands and terminals is given: its own variables, and its secrets as they are at that moment. */
import { installationId } from "@/lib/installation.server";
import type { SecretValue } from "@/lib/secrets/forms";
import { secretKey } from "@/lib/secrets/key.server";
import { readSecrets } from "@/lib/sessions/environment.server";
import type { Given } from "@/lib/sessions/wire";
import { EngineError } from "@/worker/containers/types";
import { open, SecretNotOpened } from "@/worker/secrets/open";

export interface Environment {
  /** A secret goes before a variable of its name. */
  env: Record<string, string>;
  secrets: SecretValue[];
}

/** @throws EngineError with a sentence for people when one of its secrets can't be had. */
export async function openEnvironment({ env, secrets: names }: Given): Promise<Environment> {
  if (names.length === 0) return { env, secrets: [] };
  const sealed = await readSecrets(names);
  const missing = names.filter((wanted) => !sealed.some(({ name }) => name === wanted));
  if (missing.length > 0)
    throw new EngineError(
      "failed",
      `The session was given the secret ${missing.join(", ")}, which doesn't exist any more. Make it again in Settings → Secrets.`,
    );
  const installation = await installationId();
  const key = secretKey();
  try {
    const secrets = sealed.map(({ id, name, sealed }) => ({
      name,
      value: open(key, { installation, id, name }, sealed),
    }));
    return {
      // Without the line ends at its end, as a build's script has it.
      env: {
        ...env,
        ...Object.fromEntries(secrets.map(({ name, value }) => [name, value.replace(/\n+$/, "")])),
      },
      secrets,
    };
  } catch (error) {
    if (error instanceof SecretNotOpened) throw new EngineError("failed", error.message, { cause: error });
    throw error;
  }
}
