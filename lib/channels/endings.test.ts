import { expect, test } from "vitest";
import { retryAfter } from "./backoff";
import { endingWords, namesOf } from "./endings";

test.each([
  ["failed", null, "snapshot.first_failure"],
  ["failed", "ready", "snapshot.first_failure"],
  ["failed", "removed", "snapshot.first_failure"],
  ["failed", "failed", "snapshot.failed"],
  ["ready", "failed", "snapshot.recovered"],
  ["ready", "ready", "snapshot.ready"],
  ["ready", null, "snapshot.ready"],
] as const)("%s after %s is first of all %s", (status, before, name) => {
  const names = namesOf(status, before);
  expect(names[0]).toBe(name);
  // The plain name stands for whoever hasn't chosen the other.
  expect(names.at(-1)).toBe(`snapshot.${status}`);
});

test("an end in a sentence", () => {
  const snapshot = { number: 3, profile: { slug: "node", name: "Node" }, version: 2, failure: null };
  expect(endingWords(snapshot, "snapshot.ready")).toBe("Snapshot #3 of Node version 2 is ready.");
  expect(endingWords(snapshot, "snapshot.recovered")).toBe("Snapshot #3 of Node version 2 is ready again.");
  const failure = {
    code: "setup_failed",
    message: "It ended with 3.",
    step: null,
    exitCode: 3,
    hint: "",
  } as const;
  expect(endingWords({ ...snapshot, failure }, "snapshot.failed")).toBe(
    "Snapshot #3 of Node version 2 failed: It ended with 3.",
  );
});

test("it is tried again later each time, and given up after a day and a half", () => {
  const delays = [1, 2, 3, 4, 5, 6, 7].map(retryAfter);
  expect(delays).toEqual(delays.toSorted((one, other) => Number(one) - Number(other)));
  expect(retryAfter(8)).toBeNull();
  const total = delays.reduce<number>((sum, delay) => sum + (delay ?? 0), 0);
  expect(total).toBeGreaterThan(24 * 3_600);
  expect(total).toBeLessThan(36 * 3_600);
});
