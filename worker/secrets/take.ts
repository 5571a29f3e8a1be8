/** The secrets of a build, opened. */
import { insist } from "@/lib/db/insist.server";
import type { SecretValue } from "@/lib/secrets/forms";
import { secretKey } from "@/lib/secrets/key.server";
import { takeSecrets } from "@/lib/secrets/take.server";
import type { ClaimedSnapshot } from "@/lib/snapshots/claim.server";
import { StepFailed } from "@/worker/build-snapshot/failures";
import { ClaimLost } from "@/worker/build-snapshot/log-writer";
import { open, SecretNotOpened } from "./open";

/** A process's environment has a limit, and a script needs some of it for itself. */
const MAX_BYTES = 1024 * 1024;

export interface OpenedSecrets {
  values: SecretValue[];
  /** By name: another text for each value that it has had. */
  revisions: ReadonlyMap<string, string>;
  /** The build was begun with other values, which nobody has any more. */
  changed: boolean;
}

/** @throws StepFailed when one is missing or can't be opened; ClaimLost. */
export async function openSecrets(
  { claim, spec }: ClaimedSnapshot,
  installation: string,
  signal: AbortSignal,
): Promise<OpenedSecrets> {
  if (spec.secrets.length === 0) return { values: [], revisions: new Map(), changed: false };
  const taken = await insist(() => takeSecrets(claim, spec.secrets), signal);
  if (!taken) throw new ClaimLost("the claim on this snapshot is lost");
  const { secrets: sealed, changed } = taken;
  const missing = spec.secrets.filter((wanted) => !sealed.some(({ name }) => name === wanted));
  if (missing.length > 0)
    throw refused(
      `The version names the secret ${missing.join(", ")}, which doesn't exist any more. Make it again in Settings → Secrets, then refresh.`,
    );
  try {
    const key = secretKey();
    const values = sealed.map(({ id, name, sealed }) => ({
      name,
      value: open(key, { installation, id, name }, sealed),
    }));
    const bytes = values.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0);
    if (bytes > MAX_BYTES)
      throw refused(`The version's secrets have ${bytes} bytes together; a build takes at most 1 MiB.`);
    const revisions = new Map(sealed.map(({ name, revision }) => [name, revision]));
    return { values, revisions, changed };
  } catch (error) {
    if (error instanceof SecretNotOpened) throw refused(error.message);
    throw error;
  }
}

const refused = (message: string) => new StepFailed({ code: "plan_failed", message, exitCode: null });
