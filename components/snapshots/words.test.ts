import { expect, it } from "vitest";
import { nameOf, reasonOf } from "./words";

it.each([
  [{ trigger: "publish", requestedBy: "Dana" }, "Published by Dana"],
  [{ trigger: "schedule", requestedBy: "Kiln" }, "Scheduled"],
  [{ trigger: "api", requestedBy: "ci" }, "Refreshed over the API by ci"],
] as const)("%j", (snapshot, words) => {
  expect(reasonOf(snapshot)).toBe(words);
});

it("names a snapshot by its number and profile", () => {
  expect(nameOf({ number: 15, profile: { slug: "node-tools", name: "Node tools" } })).toBe("#15 node-tools");
});
