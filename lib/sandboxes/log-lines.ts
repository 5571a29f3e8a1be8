/** The lines that a page keeps of a container's log. Pure. */

export interface KeptLine {
  /** Counted from the first that came. */
  number: number;
  text: string;
}

const MOST_LINES = 2_000;
const LONGEST_LINE = 16_384;

/** Adds what was printed; the last line may go on. What is too much goes at the beginning; of a line that is too long, its end is kept. */
export function addText(lines: readonly KeptLine[], text: string): readonly KeptLine[] {
  const [begun = "", ...more] = text.replaceAll("\r\n", "\n").split("\n");
  const last = lines.at(-1) ?? { number: 0, text: "" };
  const texts = [last.text + begun, ...more].map((line) =>
    line.length > LONGEST_LINE ? line.slice(-LONGEST_LINE) : line,
  );
  const added = texts.map((line, index) => ({ number: last.number + index, text: line }));
  return [...lines.slice(0, -1), ...added].slice(-MOST_LINES);
}
