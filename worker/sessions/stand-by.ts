/** Who is given a sandbox runs a command in it, and who runs one runs another. */
import type { Engine, StandBy } from "@/worker/containers/types";

const FOR_MS = 5 * 60_000;
/** Whoever runs commands without a pause doesn't have the engine make two at a time. */
const CALM_MS = 50;

/** For the first command: at once. */
export function expectFirst(engine: Engine, container: string, { user, workdir }: StandBy): void {
  engine.standBy(container, { user, workdir, forMs: FOR_MS });
}

/** For the next one. */
export function expectNext(engine: Engine, container: string, { user, workdir }: StandBy): void {
  engine.standBy(container, { user, workdir, forMs: FOR_MS, inMs: CALM_MS });
}
