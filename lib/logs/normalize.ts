/** A log line without what differs from one run to the next by itself: times, durations, ids, hashes, temporary names. */
import { cleanText } from "./ansi";

const rules: ReadonlyArray<[RegExp, string]> = [
  // 2026-11-26T10:00:00.123Z, 2026-11-26 10:00:00,123 +0100
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?/g, "<time>"],
  [
    /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:\d\d? )?[A-Z][a-z]{2} \d[\d: ]*\d(?: (?:GMT|UTC|[+-]\d{4}))?(?: \d{4})?/g,
    "<time>",
  ],
  [/\b\d{4}-\d\d-\d\d\b/g, "<date>"],
  [/\b\d?\d:\d\d:\d\d(?:[.,]\d+)?\b/g, "<time>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<id>"],
  [/\b(?:sha(?:1|256|384|512)[:-])[\w+/=-]{12,}/gi, "<hash>"],
  // A hash has a digit and a letter, or it is a number or a word.
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,128}\b/gi, "<hash>"],
  [/(?:\/var)?\/tmp\/[\w.~+-]+|\btmp[._-]?[A-Za-z0-9]{6,}\b/g, "<temporary>"],
  [/\b\d+(?:\.\d+)? ?(?:kB|KB|MB|GB|[KMG]iB|B)\/s\b/g, "<speed>"],
  [/\b(?:\d+(?:\.\d+)? ?(?:h|hours?|m|min|minutes?|s|secs?|seconds?|ms|µs|us|ns)\b ?)+/g, "<duration>"],
  [/\bpid[ =:]?\d+\b/gi, "pid <id>"],
  [/\bport[ =:]?\d{4,5}\b/gi, "port <id>"],
  [/\b\d{10}(?:\d{3})?(?:\.\d+)?\b/g, "<time>"],
];

/** @param text a line as it is stored. */
export function normalizeLine(text: string): string {
  return rules.reduce((line, [pattern, word]) => line.replace(pattern, word), cleanText(text)).trimEnd();
}
