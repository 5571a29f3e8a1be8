/** What a benchmark found: said while it goes, and as a table at its end. A bar that is missed fails nothing. */
import { differenceOf, duration, median, type Pairs, ratioOf } from "./stats";

interface Row {
  what: string;
  kiln: string;
  beside: string;
  figure: string;
  bar: string;
  met: boolean | null;
  n: number | null;
}

const titles = { what: "", kiln: "Kiln", beside: "beside it", figure: "figure", bar: "bar", met: "", n: "n" };

export class Report {
  private readonly rows: Row[] = [];
  private readonly notes: string[] = [];

  /** @param print takes one line at a time. */
  constructor(private readonly print: (line: string) => void) {}

  /** A line for whoever watches. */
  say(line: string): void {
    this.print(line);
  }

  /** What a reader of the table has to know. */
  note(text: string): void {
    this.notes.push(text);
  }

  ratio(what: string, pairs: Pairs, bar: number | null): void {
    const figure = ratioOf(pairs);
    this.add({
      ...this.pair(what, pairs),
      figure: figure.toFixed(3),
      bar: bar === null ? "" : `≤ ${bar}`,
      met: bar === null ? null : figure <= bar,
    });
  }

  difference(what: string, pairs: Pairs, barMs: number): void {
    const figure = differenceOf(pairs);
    this.add({
      ...this.pair(what, pairs),
      figure: `${figure < 0 ? "−" : "+"}${duration(Math.abs(figure))}`,
      bar: `≤ +${duration(barMs)}`,
      met: figure <= barMs,
    });
  }

  /** A duration with a limit of its own. @param figure the values' median unless it says otherwise */
  limit(
    what: string,
    values: readonly number[],
    barMs: number,
    figure: "median" | "largest" = "median",
  ): void {
    const value = figure === "median" ? median(values) : Math.max(...values);
    this.add({
      what,
      kiln: duration(median(values)),
      beside: "",
      figure: `${figure} ${duration(value)}`,
      bar: `< ${duration(barMs)}`,
      met: value < barMs,
      n: values.length,
    });
  }

  /** A figure that is no duration. */
  figure(what: string, value: number, bar: number): void {
    const shown = value < 10 ? value.toFixed(3) : value.toFixed(0);
    this.add({ what, kiln: shown, beside: "", figure: shown, bar: `≤ ${bar}`, met: value <= bar, n: null });
  }

  /** What couldn't be measured, and why. */
  missing(what: string, why: string): void {
    this.add({ what, kiln: "–", beside: "", figure: why, bar: "", met: null, n: null });
  }

  /** The table, a line each. */
  table(): string[] {
    const cells = [titles, ...this.rows].map((row) => [
      row.what,
      row.kiln,
      row.beside,
      row.figure,
      row.bar,
      typeof row.met === "boolean" ? (row.met ? "✓ met" : "✗ missed") : "",
      row.n === null ? "" : String(row.n),
    ]);
    const widths = (cells[0] ?? []).map((_, column) =>
      Math.max(...cells.map((row) => (row[column] ?? "").length)),
    );
    const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
    return [...cells.map((row) => line(row).trimEnd()), ...this.notes.map((note) => `· ${note}`)];
  }

  private pair(what: string, pairs: Pairs) {
    return {
      what,
      kiln: duration(median(pairs.kiln)),
      beside: duration(median(pairs.beside)),
      n: pairs.kiln.length,
    };
  }

  private add(row: Row): void {
    this.rows.push(row);
    this.print(
      `  ${row.what}: ${[row.figure, row.bar, row.met === false ? "missed" : ""].filter(Boolean).join("  ")}`,
    );
  }
}
