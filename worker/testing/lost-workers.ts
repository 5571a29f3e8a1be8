/** For tests: workers that ended although no test told them to. Whoever waits for their work waits in vain. */

const MOST_LINES = 40;

/** Of the first one of this test file: what comes after it follows from it. */
let first: string | undefined;

export function rememberLost(how: string, transcript: string): void {
  const lines = transcript.split("\n");
  const last = lines.slice(-MOST_LINES).join("\n");
  first ??= `A worker ended that nobody told to (${how}). Its last words:\n${last}`;
}

/** How one was lost, with its last words; undefined when all are well. */
export const lostWorker = (): string | undefined => first;
