import { expect, test } from "vitest";
import { Report } from "./report";
import { differenceOf, median, ratioOf } from "./stats";

test("pairs are compared pair by pair", () => {
  // The machine was busy during the second pair: both took longer, and the ratio says nothing of it.
  const pairs = { kiln: [110, 1100, 120], beside: [100, 1000, 100] };
  expect(ratioOf(pairs)).toBe(1.1);
  expect(differenceOf(pairs)).toBe(20);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test("the table has a line for each figure, with its bar, and says what could not be measured", () => {
  const said: string[] = [];
  const report = new Report((line) => said.push(line));
  report.ratio("packages", { kiln: [11_000, 11_000], beside: [10_000, 10_000] }, 1.05);
  report.ratio("cold", { kiln: [3], beside: [2] }, null);
  report.difference("trivial", { kiln: [700], beside: [800] }, 800);
  report.limit("cancel", [1000, 2000, 6000], 5000, "largest");
  report.limit("unchanged", [100], 1000);
  report.missing("caches", "not supported by this Kiln");
  report.note("a note");
  expect(report.table().map((line) => line.replaceAll(/ {2,}/g, " | ").trim())).toEqual([
    "| Kiln | beside it | figure | bar | n".replace(/^\| /, "| "),
    "packages | 11.0 s | 10.0 s | 1.100 | ≤ 1.05 | ✗ missed | 2",
    "cold | 3 ms | 2 ms | 1.500 | 1",
    "trivial | 700 ms | 800 ms | −100 ms | ≤ +800 ms | ✓ met | 1",
    "cancel | 2000 ms | largest 6000 ms | < 5000 ms | ✗ missed | 3",
    "unchanged | 100 ms | median 100 ms | < 1000 ms | ✓ met | 1",
    "caches | – | not supported by this Kiln",
    "· a note",
  ]);
  expect(said).toHaveLength(6);
});
