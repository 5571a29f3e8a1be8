/** A snapshot whose image holds one of its secrets never serves. */
import { Finder } from "@/lib/secrets/finder";
import { type SecretValue, wholeForms } from "@/lib/secrets/forms";
import { Matcher } from "@/lib/secrets/matcher";
import { StepFailed } from "@/worker/build-snapshot/failures";
import type { Engine } from "@/worker/containers/types";

/** @throws StepFailed `secret_leaked`, with the place. */
export async function refuseLeak(
  engine: Engine,
  { image, base, secrets }: { image: string; base: string; secrets: readonly SecretValue[] },
  signal: AbortSignal,
): Promise<void> {
  const matcher = new Matcher(wholeForms(secrets));
  const leak = await engine.searchImage(image, base, () => new Finder(matcher), signal);
  if (leak)
    throw new StepFailed({
      code: "secret_leaked",
      message: `The secret ${leak.found} is in the captured image: ${leak.path}. The image was deleted.`,
      exitCode: null,
    });
}
