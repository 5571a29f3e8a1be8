/** What follows when the image of a ready snapshot is gone from its host: pure, with the words for people. */

interface Numbered {
  number: number;
}

/**
 * Which of the other ready ones serves then: the next older one, as a roll-back would choose. Only when none is
 * older a newer one, from which somebody rolled back: it is better than nothing.
 */
export function successorOf<Snapshot extends Numbered>(
  lost: number,
  ready: readonly Snapshot[],
): Snapshot | null {
  const older = ready.filter(({ number }) => number < lost).sort((a, b) => b.number - a.number);
  const newer = ready.filter(({ number }) => number > lost).sort((a, b) => a.number - b.number);
  return older[0] ?? newer[0] ?? null;
}

/** What became of the version whose serving snapshot it was. */
export type Aftermath =
  | { kind: "serves"; number: number }
  | { kind: "queued"; number: number; joined: boolean }
  /** Nothing can be queued: its profile is archived. */
  | { kind: "archived" };

/** On the snapshot's page. @param after null for one that didn't serve */
export function lossSentence(host: string, after: Aftermath | null): string {
  const lost = `Image lost: it was deleted from ${host}.`;
  return after ? `${lost} ${aftermathSentence(after)}` : lost;
}

function aftermathSentence(after: Aftermath): string {
  if (after.kind === "serves") return `#${after.number} serves again.`;
  if (after.kind === "archived") return "Bring the profile back and refresh it to prepare a new one.";
  return after.joined
    ? `A new snapshot, #${after.number}, is being prepared already.`
    : `A new snapshot, #${after.number}, was queued.`;
}

/** Beside the version, as the reason for what serves it now: a clause. */
export const lossReason = (number: number, host: string) => `the image of #${number} is gone from ${host}`;
