/** Runs cut at the borders of what a search found. */
import type { Run } from "@/lib/logs/ansi";
import type { Span } from "./search";

export interface Piece {
  /** Its place among the pieces of its line. */
  place: number;
  run: Run;
  text: string;
  hit: boolean;
}

export function piecesOf(runs: readonly Run[], spans: readonly Span[]): Piece[] {
  const pieces: Piece[] = [];
  let offset = 0;
  for (const run of runs) {
    const end = offset + run.text.length;
    const borders = spans
      .flatMap(({ from, to }) => [from, to])
      .filter((border) => border > offset && border < end);
    const cuts = [offset, ...borders, end];
    for (const [index, from] of cuts.slice(0, -1).entries()) {
      const to = cuts[index + 1] ?? end;
      const hit = spans.some((span) => from >= span.from && to <= span.to && from < to);
      pieces.push({ place: pieces.length, run, text: run.text.slice(from - offset, to - offset), hit });
    }
    offset = end;
  }
  return pieces;
}
