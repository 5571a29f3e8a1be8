/** An expression as a sentence. */
import cronstrue from "cronstrue";

/** "At 03:00", "At 03:00, only on Monday"; the expression itself where there are no words for it. */
export function wordsOf(cron: string): string {
  const options = { use24HourTimeFormat: true, throwExceptionOnParseError: false };
  const words = cronstrue.toString(cron, options);
  return words.startsWith("An error") || words.includes("undefined") ? cron : words;
}
