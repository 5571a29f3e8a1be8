/** What a command printed, as lines with the style that each begins with; of very much, the end. */
import { styleAfter } from "@/lib/logs/ansi";
import type { Style } from "@/lib/logs/sgr";

export interface OutputLine {
  number: number;
  text: string;
  before: Style | null;
}

export const SHOWN_LINES = 1_000;

/** On a terminal what stands after the last carriage return is what is seen. */
const settled = (line: string) => line.replace(/\r+$/, "").replace(/^.*\r/s, "");

export function outputLines(output: string): { lines: OutputLine[]; hidden: number } {
  if (output === "") return { lines: [], hidden: 0 };
  const texts = output.replace(/\n$/, "").split("\n").map(settled);
  let style: Style | null = null;
  const lines = texts.map((text, index) => {
    const before = style;
    style = styleAfter(text, style);
    return { number: index + 1, text, before };
  });
  return { lines: lines.slice(-SHOWN_LINES), hidden: Math.max(0, lines.length - SHOWN_LINES) };
}
