/** The middle of some measurements; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle - 0.5)] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** One line of a report: median, smallest, largest, how many. Milliseconds. */
export function summary(name: string, values: readonly number[]): string {
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  return `${name.padEnd(44)} median ${ms(median(values)).padStart(9)}   min ${ms(Math.min(...values)).padStart(9)}   max ${ms(Math.max(...values)).padStart(9)}   n=${values.length}`;
}
