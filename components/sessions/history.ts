/** Commands that were run, for the arrow keys: up goes back, down forth to what was being typed. */

export interface Recall {
  /** How far back; 0 is what is being typed. */
  back: number;
  text: string;
}

/** @param commands oldest first; the same one twice in a row counts once. */
export function recall(commands: readonly string[], from: number, direction: 1 | -1, typed: string): Recall {
  const distinct = commands.filter((command, index) => command !== commands[index - 1]);
  const back = Math.min(Math.max(0, from + direction), distinct.length);
  return { back, text: back === 0 ? typed : (distinct.at(-back) ?? typed) };
}
