import { expect, it } from "vitest";
import type { Mark } from "@/lib/logs/marks";
import { groupAt, groupsOf } from "./groups";

const sections = [
  { key: "1", attempt: 1, step: "setup", from: 1, to: 20 },
  { key: "2", attempt: 1, step: "check", from: 21, to: 40 },
];
const mark = (line: number, kind: Mark["kind"], text = ""): Mark => ({ line, kind, text, at: line * 1_000 });
const told = (...marks: Mark[]) =>
  groupsOf(marks, sections).map(({ title, from, to, closing, finishedAt }) => [
    title,
    from,
    to,
    closing,
    finishedAt,
  ]);

it("ends a group where it is closed, where the next one begins, or with its step", () => {
  expect(
    told(
      mark(2, "group", "closed"),
      mark(3, "error"),
      mark(5, "endgroup"),
      mark(7, "group", "followed"),
      mark(9, "group", "left open"),
      mark(25, "endgroup"),
      mark(30, "group"),
    ),
  ).toEqual([
    ["closed", 2, 5, 5, 5_000],
    ["followed", 7, 8, null, 9_000],
    ["left open", 9, 20, null, null],
    ["Group", 30, 40, null, null],
  ]);
});

it("finds the group of a line", () => {
  const groups = groupsOf([mark(2, "group", "a"), mark(5, "endgroup"), mark(9, "group", "b")], sections);
  expect([1, 2, 5, 6, 9, 20, 21].map((line) => groupAt(groups, line)?.title ?? null)).toEqual([
    null,
    "a",
    "a",
    null,
    "b",
    "b",
    null,
  ]);
  expect(groupAt([], 3)).toBeNull();
});
