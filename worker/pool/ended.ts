/** Whether a sandbox that waited ended by itself. Pure. */
import type { ExitFacts } from "@/worker/containers/types";

/** Its shell ends by itself with none of these: told to end it exits with 0, and 255 is of one whose end the engine didn't see. */
const FROM_OUTSIDE: ReadonlySet<number> = new Set([0, 137, 143, 255]);

/** It was told to end, or killed, as all are when their engine is restarted: not for memory, which the next one lacks, too. */
export const isFromOutside = ({ exitCode, outOfMemory }: ExitFacts): boolean =>
  !outOfMemory && FROM_OUTSIDE.has(exitCode);
