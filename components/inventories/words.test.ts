import { expect, it } from "vitest";
import {
  formatCountDifference,
  formatSizeDifference,
  isUnchanged,
  nameBeside,
  packageChanges,
  packageCounts,
  whyNoInventory,
} from "./words";

const one = { manager: "apt" as const, name: "curl", version: "8" };
const changed = { manager: "apt" as const, name: "jq", from: "1", to: "2" };
const nothing = { added: [], removed: [], changed: [] };

it.each([
  [1_200_000, "+1.2 MB"],
  [-40, "−40 B"],
  [0, "±0 B"],
])("%i bytes are %s", (bytes, words) => {
  expect(formatSizeDifference(bytes)).toBe(words);
});

it("counts with their sign", () => {
  expect([1_204, -3, 0].map(formatCountDifference)).toEqual(["+1,204", "−3", "±0"]);
});

it.each([
  [nothing, "The same packages"],
  [{ ...nothing, added: [one] }, "1 package added"],
  [{ added: [one, one], removed: [one], changed: [changed] }, "2 packages added, 1 removed, 1 changed"],
  [{ ...nothing, changed: [changed, changed] }, "2 packages changed"],
])("package changes %#", (packages, words) => {
  expect(packageChanges(packages)).toBe(words);
});

it("unchanged means: nothing that is compared differs", () => {
  const same = { packages: nothing, executables: { added: [], removed: [] }, files: 0, bytes: 0 };
  expect(isUnchanged(same)).toBe(true);
  expect(isUnchanged({ ...same, bytes: 1 })).toBe(false);
  expect(isUnchanged({ ...same, executables: { added: ["/bin/a"], removed: [] } })).toBe(false);
});

it("counts packages by manager", () => {
  expect(packageCounts([])).toBe("none");
  expect(
    packageCounts([
      { manager: "apt", count: 1_312 },
      { manager: "npm", count: 4 },
    ]),
  ).toBe("1,312 apt, 4 npm");
});

it("names the other version only where it is another", () => {
  const of = { id: "x", number: 3, version: 1, profile: { slug: "a", name: "A" } };
  expect([nameBeside(of, 1), nameBeside(of, 2)]).toEqual(["#3", "#3 of version 1"]);
});

it("says why there is none", () => {
  expect(whyNoInventory({ state: "taken", error: null })).toBeNull();
  expect(whyNoInventory({ state: "given_up", error: "No answer." })).toContain("No answer. Refresh");
  expect(whyNoInventory({ state: "none", error: null }, "#3")).toBe(
    "#3 has no image that could be looked into.",
  );
});
