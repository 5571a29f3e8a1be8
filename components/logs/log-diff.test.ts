import { describe, expect, it } from "vitest";
import type { LogLine } from "@/lib/snapshots/wire";
import { diffLogs } from "./log-diff";

const linesOf = (...texts: string[]) =>
  texts.map(
    (text, index): LogLine => ({
      ...{ line: index + 1, step: "setup", stream: "stdout", at: "2026-11-23T12:00:00.000Z", text },
    }),
  );
const told = (before: string[], after: string[]) =>
  diffLogs(linesOf(...before), linesOf(...after), 1_000).rows.map((row) =>
    row.kind === "hidden" ? row.count : `${row.kind} ${row.line} ${row.text}`,
  );
const many = Array.from({ length: 50 }, (_, index) => `unpacking ${index}`);

describe("diffLogs", () => {
  it("shows what is new and what is gone, with what is around it", () => {
    expect(told([...many, "built in 3s", "ok"], [...many, "built in 5s", "error: it broke"])).toEqual([
      48,
      "same 49 unpacking 48",
      "same 50 unpacking 49",
      "same 51 built in 5s",
      "gone 52 ok",
      "new 52 error: it broke",
    ]);
  });

  it("finds nothing between logs that differ by times and hashes only", () => {
    expect(told(["at 10:00:00", "commit 3f2a9bc"], ["at 11:30:09", "commit 90d1e7f"])).toEqual([2]);
    expect(told([], [])).toEqual([]);
  });

  it("ends in good time, and says that it was rough", () => {
    const noise = (from: number) =>
      linesOf(...Array.from({ length: 30_000 }, (_, index) => `word ${from + index}`));
    const diff = diffLogs(noise(0), noise(29_990), 50);
    expect([diff.rough, diff.more, diff.added]).toEqual([true, true, 29_990]);
    expect(diff.rows).toHaveLength(3_000);
  });
});
