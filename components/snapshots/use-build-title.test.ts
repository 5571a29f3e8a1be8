import { expect, it } from "vitest";
import { titleOf } from "./use-build-title";

const snapshot = {
  number: 15,
  profile: { slug: "node-tools", name: "Node tools" },
  startedAt: "2026-11-23T12:00:00.000Z",
};

it.each([
  ["running", "● Running 1m 2s · #15 node-tools"],
  ["ready", "✓ Ready · #15 node-tools"],
  ["failed", "✕ Failed · #15 node-tools"],
] as const)("%s", (status, title) => {
  expect(titleOf({ ...snapshot, status }, Date.parse("2026-11-23T12:01:02.000Z"))).toBe(title);
});
