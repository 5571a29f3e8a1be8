/** What a log says that another one doesn't: their lines one against the other, without what differs by itself. */
import { diffArrays } from "diff";
import { normalizeLine } from "@/lib/logs/normalize";
import type { LogLine } from "@/lib/snapshots/wire";

export interface DiffRow {
  kind: "same" | "new" | "gone";
  line: number;
  text: string;
}
/** Lines that are the same and not near a difference. */
export interface SameLines {
  kind: "hidden";
  count: number;
  /** What comes after this row; 0 at the beginning. */
  after: number;
}
export interface LogDiff {
  rows: Array<DiffRow | SameLines>;
  added: number;
  gone: number;
  /** They differ so much that only what is nowhere in the other one was looked for. */
  rough: boolean;
  /** There are more differences than are shown. */
  more: boolean;
}

const AROUND = 3;
const MOST_ROWS = 3_000;

/** @param milliseconds how long it may take before it is done roughly */
export function diffLogs(
  before: readonly LogLine[],
  after: readonly LogLine[],
  milliseconds: number,
): LogDiff {
  const [one, other] = [before, after].map((lines) => lines.map(({ text }) => normalizeLine(text)));
  const changes = diffArrays(one ?? [], other ?? [], { timeout: milliseconds, maxEditLength: 20_000 });
  const all: DiffRow[] = [];
  if (changes) {
    let [from, to] = [0, 0];
    for (const { count = 0, added, removed } of changes)
      for (let index = 0; index < count; index += 1) {
        const line = removed ? before[from] : after[to];
        const kind = added ? "new" : removed ? "gone" : "same";
        if (line) all.push({ kind, line: line.line, text: line.text });
        if (!added) from += 1;
        if (!removed) to += 1;
      }
  } else {
    const known = new Set(one);
    for (const [index, { line, text }] of after.entries())
      all.push({ kind: known.has(other?.[index] ?? "") ? "same" : "new", line, text });
  }
  const rows = fold(all);
  return {
    rows: rows.slice(0, MOST_ROWS),
    added: all.filter(({ kind }) => kind === "new").length,
    gone: all.filter(({ kind }) => kind === "gone").length,
    rough: changes === undefined,
    more: rows.length > MOST_ROWS,
  };
}

function fold(all: readonly DiffRow[]): LogDiff["rows"] {
  const isNear = new Uint8Array(all.length);
  for (const [index, { kind }] of all.entries())
    if (kind !== "same") isNear.fill(1, Math.max(0, index - AROUND), index + AROUND + 1);
  const rows: LogDiff["rows"] = [];
  for (const [index, row] of all.entries()) {
    const last = rows.at(-1);
    const after = last && last.kind !== "hidden" ? last.line : 0;
    if (isNear[index]) rows.push(row);
    else if (last?.kind === "hidden") last.count += 1;
    else rows.push({ kind: "hidden", count: 1, after });
  }
  return rows;
}
