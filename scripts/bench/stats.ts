/** The middle of some measurements; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle - 0.5)] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** What 95 of 100 values don't exceed. */
export function percentile95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}

/** Two things that were measured in turn, pair by pair: what else the machine did meanwhile met both. */
export interface Pairs {
  kiln: number[];
  beside: number[];
}

const inPairs = ({ kiln, beside }: Pairs, combine: (kiln: number, beside: number) => number) =>
  median(kiln.map((value, index) => combine(value, beside[index] ?? Number.NaN)));

/** The median of the pairs' ratios. */
export const ratioOf = (pairs: Pairs): number => inPairs(pairs, (kiln, beside) => kiln / beside);

/** The median of the pairs' differences. */
export const differenceOf = (pairs: Pairs): number => inPairs(pairs, (kiln, beside) => kiln - beside);

/** Milliseconds for people. */
export function duration(milliseconds: number): string {
  return milliseconds < 10_000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** One line of a report: median, smallest, largest, how many. Milliseconds. */
export function summary(name: string, values: readonly number[]): string {
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  return `${name.padEnd(44)} median ${ms(median(values)).padStart(9)}   min ${ms(Math.min(...values)).padStart(9)}   max ${ms(Math.max(...values)).padStart(9)}   n=${values.length}`;
}
