/**
 * The lines that most likely say why a step failed. Standard error and output reach the log by two ways, so
 * the complaint may stand before the end: of earlier complaints the last ones come first, then the end.
 */
import { looksLikeError } from "@/components/logs/errors";
import type { LogView } from "@/components/logs/log-store";
import type { LogLine } from "@/lib/snapshots/wire";

const SHOWN = 5;
const COMPLAINTS = 3;
/** How far back a complaint is looked for. */
const REACH = 2_000;

/** At most five lines, in the log's order. Kiln's own words are in the card already. */
export function lastWords(
  { sections, lines, count }: Pick<LogView, "sections" | "lines" | "count">,
  step: string | null,
): LogLine[] {
  const section = sections.findLast((each) => each.step === step);
  const end = section?.end ?? count;
  const said = lines
    .slice(Math.max(section?.start ?? 0, end - REACH), end)
    .filter((line) => line.stream !== "system");
  const complaints = said.slice(0, -SHOWN).filter(looksLikeError).slice(-COMPLAINTS);
  return [...complaints, ...said.slice(complaints.length - SHOWN)];
}
