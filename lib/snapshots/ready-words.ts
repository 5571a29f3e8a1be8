/** What the log of a build that worked ends with. */

export type ReadyOutcome = "serves" | "pinned" | "superseded" | "tried";

const words: Record<ReadyOutcome, string> = {
  serves: "Ready: new sessions can start",
  pinned:
    "Ready, and it doesn't serve: the version is pinned. “Serve this snapshot” lets new sessions start from it",
  superseded: "Ready, and it doesn't serve: a newer snapshot does already",
  tried: "The draft builds. Its image isn't kept",
};

export const readyWords = (outcome: ReadyOutcome): string => words[outcome];
