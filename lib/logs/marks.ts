/**
 * What a log's lines say about its shape: the groups and annotations of GitHub Actions' workflow commands, and
 * lines that look like the reason of a failure. Found where a chunk is written and kept with it, so that a log's
 * outline needs no line; found by the same rule in a browser for lines that just came.
 */
import { z } from "zod";
import { cleanText } from "./ansi";

const annotations = ["error", "warning", "notice"] as const;
export type Annotation = (typeof annotations)[number];

export const markSchema = z.object({
  line: z.number().int(),
  /** `suspect`: it looks like an error, and nobody marked it as one. */
  kind: z.enum(["group", "endgroup", ...annotations, "suspect"]),
  text: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
});
export type Mark = z.infer<typeof markSchema>;

export interface Command {
  kind: "group" | "endgroup" | Annotation;
  /** A title, or what is said. */
  text: string;
  /** `file:line`, where one was named. */
  place: string;
}

const command = /^\s*::(group|endgroup|error|warning|notice)(?: ([^\r\n]*?))?::(.*)$/;
const decoded = (text: string) =>
  text
    .replace(/%0[AD]/gi, " ")
    .replace(/%3A/gi, ":")
    .replace(/%2C/gi, ",")
    .replace(/%25/g, "%");

/** A line as a workflow command: `::error file=a.c,line=3::message`. */
export function parseCommand(line: string): Command | null {
  if (!line.includes("::")) return null;
  const [, name, parameters = "", message = ""] = command.exec(cleanText(line)) ?? [];
  const kind = commandKinds.find((known) => known === name);
  if (!kind) return null;
  const values = new Map(
    parameters.split(",").map((pair) => {
      const [key = "", ...rest] = pair.split("=");
      return [key.trim(), decoded(rest.join("=").trim())];
    }),
  );
  const title = values.get("title");
  const file = values.get("file");
  const row = values.get("line");
  return {
    kind,
    text: [title, decoded(message).trim()].filter(Boolean).join(": "),
    place: file ? (row ? `${file}:${row}` : file) : "",
  };
}
const commandKinds = ["group", "endgroup", ...annotations] as const;

const looksWrong = new RegExp(
  [
    // "error:", "Error [ERR_...]", "E: Unable to locate", "npm ERR!", "npm error", "fatal:", "panic:"
    String.raw`(?:^|[\s\[(])(?:[A-Za-z]*Error|error|ERROR|fatal|FATAL|panic|ERR!)(?:[:!\]\[(]|\s*$)`,
    String.raw`^(?:E:|ERR\b|npm error\b|npm ERR!)`,
    String.raw`: error [A-Z]{1,4}\d+:|^make: \*\*\* .*Error \d`,
    String.raw`^Traceback \(most recent call last\)`,
    String.raw`\b(?:command not found|No such file or directory|Permission denied|Segmentation fault|Killed)\b`,
    String.raw`\b(?:exited|failed) with (?:exit )?(?:code|status) [1-9]`,
  ].join("|"),
);
/** "0 errors", "error: 0", "no error": said when all is well. */
const looksFine = /\b(?:0|no) errors?\b|\berrors?[:=] ?0\b/i;
/**
 * One of these is in every line that has a mark, coloured or not. Words one by one are looked for ten times as fast
 * as a pattern of them, and every line of every build is looked through.
 */
const clues = [
  ...["::", "rror", "ERR", "fatal", "FATAL", "panic", "E:", "Traceback", "not found", "No such", "denied"],
  ...["Segmentation", "Killed", "with code", "with status", "with exit"],
];

/** May one of these lines have a mark? */
export const mayHaveMarks = (text: string): boolean => clues.some((clue) => text.includes(clue));

/** A guess, for jumping; nothing is decided by it. */
export function looksLikeError(text: string): boolean {
  const clean = cleanText(text);
  return looksWrong.test(clean) && !looksFine.test(clean);
}

export interface MarkedLine {
  stream: "stdout" | "stderr" | "system";
  /** Milliseconds or ISO. */
  at: number | string;
  text: string;
}

/** More in one chunk aren't kept: nobody goes through so many, and the outline stays small. */
const MAX_MARKS = 100;
const MAX_TEXT = 160;

/** The marks of some consecutive lines. */
export function marksOf(lines: readonly MarkedLine[], firstLine: number): Mark[] {
  const marks: Mark[] = [];
  for (const [index, { stream, at, text }] of lines.entries()) {
    // Kiln's own words are no reason, they tell of one.
    if (stream === "system" || !mayHaveMarks(text)) continue;
    const found = parseCommand(text);
    if (!found && !looksLikeError(text)) continue;
    const shown = found
      ? [found.text, found.place && `(${found.place})`].filter(Boolean).join(" ")
      : cleanText(text);
    marks.push({
      line: firstLine + index,
      kind: found?.kind ?? "suspect",
      // A JSON column takes no NUL, and half a surrogate pair is no text.
      text: shown.replaceAll("\0", "").slice(0, MAX_TEXT).toWellFormed(),
      at: new Date(at).getTime(),
    });
    if (marks.length >= MAX_MARKS) break;
  }
  return marks;
}

/** Does it say that something is wrong? */
export const isTrouble = ({ kind }: Mark): boolean => kind === "error" || kind === "suspect";

/** The line of the next trouble after a line, going round once; null when there is none. */
export function nextTrouble(marks: readonly Mark[], after: number): number | null {
  const troubles = marks.filter(isTrouble);
  return (troubles.find(({ line }) => line > after) ?? troubles[0])?.line ?? null;
}

/** The line of the last trouble before a line, going round once; null when there is none. */
export function previousTrouble(marks: readonly Mark[], before: number): number | null {
  const troubles = marks.filter(isTrouble);
  return (troubles.findLast(({ line }) => line < before) ?? troubles.at(-1))?.line ?? null;
}
