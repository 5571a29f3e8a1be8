/** Which program the engine runs our containers with: its own default, or one that this worker is told to use. */
import type { Engine } from "./containers/types";

/** What a worker can't start with; the sentence says it all. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** A worker that is to isolate more than usual must not run with less. @returns a sentence when there is no such runtime */
export async function wrongRuntime(engine: Engine, wanted: string | undefined): Promise<string | null> {
  if (!wanted) return null;
  const there = await engine.runtimes();
  if (there.includes(wanted)) return null;
  return `KILN_CONTAINER_RUNTIME is “${wanted}”, and the container engine has no runtime of that name. It has: ${there.join(", ") || "none that it tells of"}.`;
}
