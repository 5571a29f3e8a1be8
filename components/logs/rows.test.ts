import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogGroup } from "./groups";
import type { LogSection } from "./log-store";
import { Rows } from "./rows";

function sectionsOf(plan: { step: string; lines: number }[]): LogSection[] {
  let from = 1;
  return plan.map(({ step, lines }, index) => {
    const section = { key: `${index}`, attempt: 1, step, from, to: from + lines - 1 };
    from += lines;
    return section;
  });
}
const groupAt = (from: number, to: number, closing: number | null): LogGroup => ({
  ...{ key: `g${from}`, title: "a group", from, to, closing, startedAt: 0, finishedAt: 1 },
});
const make = (
  sections: LogSection[],
  folded: string[],
  {
    groups = [],
    cut = null,
  }: { groups?: LogGroup[]; cut?: { from: number; to: number; bytes: number } | null } = {},
) => new Rows({ sections, groups, folded: new Set(folded), cut, linePx: 20 });
const shownBy = (rows: Rows) =>
  Array.from({ length: rows.count }, (_, row) => {
    const at = rows.at(row);
    return at?.kind === "line" ? at.line : at?.kind === "heading" ? at.section.step : at?.kind;
  });

const plans = fc.array(
  fc.record({ step: fc.constantFrom("kiln", "setup", "check"), lines: fc.integer({ min: 1, max: 8 }) }),
  { maxLength: 8 },
);

describe("Rows", () => {
  const three = sectionsOf([
    { step: "kiln", lines: 1 },
    { step: "files", lines: 2 },
    { step: "setup", lines: 4 },
  ]);

  it("has a row for each heading and for each line that isn't folded", () => {
    const rows = make(three, ["1"]);
    expect(shownBy(rows)).toEqual([1, "files", "setup", 4, 5, 6, 7]);
    expect(rows.at(7)).toBeNull();
    expect([rows.headingOf(0), rows.headingOf(4)]).toEqual([null, 2]);
    expect([rows.ofLine(3), rows.ofLine(9)]).toEqual([1, null]);
    expect([rows.topOf(0), rows.topOf(1), rows.topOf(4), rows.height]).toEqual([0, 20, 104, 164]);
    expect([0, 19, 20, 51, 52, 84, 163, 999].map((px) => rows.rowAt(px))).toEqual([0, 0, 1, 1, 2, 3, 6, 6]);
  });

  it("leaves out what closes a group, and what a folded one holds", () => {
    const groups = [groupAt(4, 6, 6)];
    expect(shownBy(make(three, [], { groups }))).toEqual([1, "files", 2, 3, "setup", 4, 5, 7]);
    const rows = make(three, ["g4"], { groups });
    expect(shownBy(rows)).toEqual([1, "files", 2, 3, "setup", 4, 7]);
    expect([4, 5, 6, 7].map((line) => rows.ofLine(line))).toEqual([5, 5, 5, 6]);
    expect(shownBy(make(three, ["2"], { groups }))).toEqual([1, "files", 2, 3, "setup"]);
  });

  it("has one row for lines that the log has lost", () => {
    const rows = make(three, [], { cut: { from: 5, to: 6, bytes: 1 } });
    expect(shownBy(rows)).toEqual([1, "files", 2, 3, "setup", 4, "cut", 7]);
    expect([5, 6, 7].map((line) => rows.ofLine(line))).toEqual([6, 6, 7]);
    const lost = { from: 2, to: 8, bytes: 1 };
    expect(shownBy(make(sectionsOf([{ step: "kiln", lines: 1 }]), [], { cut: lost }))).toEqual([1, "cut"]);
  });

  it("finds each line where it shows it, whatever is folded, closed or lost", () => {
    fc.assert(
      fc.property(
        plans,
        fc.uniqueArray(fc.nat(7)),
        fc.nat(40),
        fc.nat(6),
        (plan, folded, cutFrom, cutLines) => {
          const sections = sectionsOf(plan);
          const groups = sections.flatMap(({ from, to }) =>
            to - from > 2 ? [groupAt(from + 1, to - 1, to - 1)] : [],
          );
          const total = sections.at(-1)?.to ?? 0;
          const cut =
            cutFrom > 0 && cutFrom + cutLines < total
              ? { from: cutFrom, to: cutFrom + cutLines, bytes: 1 }
              : null;
          const keys = [
            ...folded.map(String),
            ...groups.filter((_, index) => folded.includes(index)).map(({ key }) => key),
          ];
          const rows = make(sections, keys, { groups, cut });
          const seen = new Set<number>();
          let before = 0;
          let top = 0;
          for (let row = 0; row < rows.count; row += 1) {
            const found = rows.at(row);
            seen.add(rows.keyOf(row));
            expect(rows.ofKey(rows.keyOf(row))).toBe(row);
            expect(rows.topOf(row)).toBe(top);
            expect(rows.rowAt(top)).toBe(row);
            top += rows.heightOf(row);
            expect(rows.rowAt(top - 1)).toBe(row);
            expect(rows.lineAt(row)).toBe(found?.kind === "line" ? found.line : 0);
            if (found?.kind !== "line") continue;
            expect(rows.ofLine(found.line)).toBe(row);
            expect(found.line).toBeGreaterThan(before);
            before = found.line;
          }
          expect(top).toBe(rows.height);
          expect(seen.size).toBe(rows.count);
          for (let line = 1; line <= total; line += 1) expect(rows.ofLine(line)).not.toBeNull();
        },
      ),
    );
  });
});
