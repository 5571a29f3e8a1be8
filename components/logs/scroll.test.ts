import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Rows } from "./rows";
import { barHeight, barOf, clamp, endOf, type Geometry, layOut, MAX_PX, move, placeAt } from "./scroll";

const VIEW = 600;

function geometryOf(lines: number, tall: (row: number) => number = () => 1): Geometry {
  const sections = [{ key: "1", attempt: 1, step: "setup", from: 1, to: lines }];
  const rows = new Rows({ sections, groups: [], folded: new Set(), cut: null, linePx: 20 });
  const isTall = Array.from({ length: 20 }, (_, row) => tall(row)).some((factor) => factor !== 1);
  return {
    rows,
    view: VIEW,
    heightOf: (row) => rows.heightOf(row) * tall(row),
    exact: !isTall && rows.height <= MAX_PX,
  };
}
const wrapped = (row: number) => 1 + (row % 4);

describe("scrolling", () => {
  it("is pixel by pixel as long as a log fits", () => {
    const geometry = geometryOf(1_000);
    for (const bar of [0, 1, 333, 15_000, barHeight(geometry.rows) - VIEW])
      expect(barOf(geometry, placeAt(geometry, bar))).toBeCloseTo(bar);
  });

  it.each([
    ["a million lines", geometryOf(1_000_000)],
    ["ten million", geometryOf(10_000_000)],
    ["lines that wrap", geometryOf(5_000, wrapped)],
    ["a short one", geometryOf(3)],
  ])("has the top at the top and the end at the end: %s", (_what, geometry) => {
    const most = barHeight(geometry.rows) - VIEW;
    expect(barHeight(geometry.rows)).toBeLessThanOrEqual(MAX_PX);
    expect(placeAt(geometry, 0)).toEqual({ row: 0, offset: 0 });
    const end = layOut(geometry, placeAt(geometry, Math.max(0, most)), 0).at(-1);
    expect(end?.row).toBe(geometry.rows.count - 1);
    expect(barOf(geometry, endOf(geometry))).toBeCloseTo(Math.max(0, most));
  });

  it("reaches each row by the bar, and every place has one", () => {
    const geometry = geometryOf(2_000_000);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_990_000 }), (row) => {
        const back = placeAt(geometry, barOf(geometry, { row, offset: 0 }));
        expect(Math.abs(back.row - row)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("moves by what is seen and not by what counts, and back again", () => {
    const geometry = geometryOf(5_000, wrapped);
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 4_000 }), fc.integer({ min: -900, max: 900 }), (row, by) => {
        const start = { row, offset: 3 };
        expect(move(geometry, move(geometry, start, by), -by)).toEqual(start);
      }),
    );
  });

  it("lays rows out without a gap and without one over another, from the view's top to its end", () => {
    fc.assert(
      fc.property(fc.nat(4_000), fc.integer({ min: -500, max: 500 }), fc.boolean(), (row, offset, wraps) => {
        const geometry = geometryOf(4_000, wraps ? wrapped : undefined);
        const placed = layOut(geometry, clamp(geometry, { row, offset }), 100);
        const [first] = placed;
        if (!first) throw new Error("nothing is shown");
        expect(first.top).toBeLessThanOrEqual(0);
        let next = first.top;
        for (const { row: each, top } of placed) {
          expect(top).toBeCloseTo(next);
          next = top + geometry.heightOf(each);
        }
        expect(next).toBeGreaterThanOrEqual(VIEW);
        expect(placed.length).toBeLessThan(60);
      }),
    );
  });
});
