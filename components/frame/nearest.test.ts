import { expect, it } from "vitest";
import { distance, nearest } from "./nearest";

it.each([
  ["", "", 0],
  ["profile", "profiles", 1],
  ["kitten", "sitting", 3],
  ["abc", "", 3],
])("distance(%s, %s) is %d", (a, b, far) => {
  expect(distance(a, b)).toBe(far);
});

const places = ["/profiles", "/snapshots", "/sessions", "/hosts", "/settings"];
it.each([
  ["/profile", ["/profiles"]],
  ["/snapshto", ["/snapshots"]],
  ["/session", ["/sessions"]],
  ["/zebra", []],
  ["x", []],
])("nearest(%s)", (wanted, found) => {
  expect(nearest(wanted, places, (place) => place).slice(0, 1)).toEqual(found);
});
