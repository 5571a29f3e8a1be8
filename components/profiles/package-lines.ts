/** Packages as they are typed: one a line, with blank lines where somebody wants them. */

/** The packages, and on which line each one stands. */
export function readPackages(text: string): { names: string[]; lines: number[] } {
  const found = text
    .split("\n")
    .map((line, index) => ({ name: line.trim(), line: index + 1 }))
    .filter(({ name }) => name !== "");
  return { names: found.map(({ name }) => name), lines: found.map(({ line }) => line) };
}

/** The sentence about one package, with the line to look at. */
export function atLine(text: string, index: number, sentence: string): string {
  const line = readPackages(text).lines[index];
  return line === undefined ? sentence : `Line ${line}: ${sentence}`;
}
