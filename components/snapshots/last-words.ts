/**
 * The lines that most likely say why a step failed. Standard error and output reach the log by two ways, so
 * the complaint may stand before the end: of earlier complaints the last ones come first, then the end.
 */

import { type LogView, troublesIn } from "@/components/logs/log-store";
import { parseCommand } from "@/lib/logs/marks";

const SHOWN = 5;
const COMPLAINTS = 3;
/** How far back a complaint is looked for, and how far the step's own lines below Kiln's. */
const REACH = 2_000;
const NEAR = 40;

export interface Word {
  line: number;
  text: string;
}

/** The lines of which the last words are made: they have to be here. */
export function wordsAt({ sections, count }: Pick<LogView, "sections" | "count">, step: string | null) {
  const section = sections.findLast((each) => each.step === step);
  const to = section?.to ?? count;
  return { from: Math.max(section?.from ?? 1, to - NEAR + 1), to, section };
}

/** At most five lines, in the log's order. Kiln's own words are in the card already. */
export function lastWords(
  view: Pick<LogView, "sections" | "count" | "marks" | "lineAt">,
  step: string | null,
): Word[] {
  const { from, to, section } = wordsAt(view, step);
  const said: Word[] = [];
  for (let number = to; number >= from && said.length < SHOWN; number -= 1) {
    const line = view.lineAt(number);
    if (line && line.stream !== "system" && parseCommand(line.text)?.kind !== "endgroup")
      said.unshift({ line: number, text: line.text });
  }
  const end = said[0]?.line ?? to + 1;
  const complaints = (section ? troublesIn(view, section) : [])
    .filter(({ line }) => line < end && line > to - REACH)
    .slice(-COMPLAINTS);
  return [
    ...complaints.map(({ line, text }) => ({ line, text })),
    ...said.slice(complaints.length > 0 ? complaints.length - SHOWN : 0),
  ];
}
