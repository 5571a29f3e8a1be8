import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogSection } from "./log-store";
import { Rows } from "./rows";

function sectionsOf(plan: { step: string; lines: number }[]): LogSection[] {
  let start = 0;
  return plan.map(({ step, lines }, index) => {
    const section = { key: `${index}`, attempt: 1, step, start, end: start + lines };
    start = section.end;
    return section;
  });
}
const plans = fc.array(
  fc.record({ step: fc.constantFrom("kiln", "setup", "check"), lines: fc.integer({ min: 1, max: 6 }) }),
  { maxLength: 8 },
);

describe("Rows", () => {
  it("has a row for each heading and for each line that isn't folded", () => {
    const rows = new Rows(
      sectionsOf([
        { step: "kiln", lines: 1 },
        { step: "files", lines: 2 },
        { step: "setup", lines: 2 },
      ]),
      new Set(["1"]),
    );
    const shown = Array.from({ length: rows.count }, (_, row) => rows.at(row));
    expect(shown.map((row) => (row?.kind === "line" ? row.line : row?.section.step))).toEqual([
      1,
      "files",
      "setup",
      4,
      5,
    ]);
    expect(rows.at(5)).toBeNull();
    expect(rows.headingOf(0)).toBeNull();
    expect(rows.headingOf(4)).toBe(2);
    expect(rows.ofLine(3)).toBe(1);
    expect(rows.ofLine(9)).toBeNull();
  });

  it("finds each line where it shows it, whatever is folded", () => {
    fc.assert(
      fc.property(plans, fc.uniqueArray(fc.nat(7)), (plan, folded) => {
        const rows = new Rows(sectionsOf(plan), new Set(folded.map(String)));
        const keys = new Set<number>();
        let before = 0;
        for (let row = 0; row < rows.count; row += 1) {
          const found = rows.at(row);
          keys.add(rows.keyOf(row));
          expect(rows.ofKey(rows.keyOf(row))).toBe(row);
          expect(rows.lineAt(row)).toBe(found?.kind === "line" ? found.line : 0);
          if (found?.kind !== "line") continue;
          expect(rows.ofLine(found.line)).toBe(row);
          expect(rows.sectionOf(found.line)).toBe(found.section);
          expect(found.line).toBeGreaterThan(before);
          before = found.line;
        }
        expect(keys.size).toBe(rows.count);
      }),
    );
  });
});
