import { describe, expect, it } from "vitest";
import {
  formatAge,
  formatClock,
  formatCount,
  formatDayTime,
  formatDuration,
  formatExact,
  formatSize,
  formatSpan,
  shortId,
} from "./format";

describe("formatDuration", () => {
  it.each([
    [-5, "0.0s"],
    [0, "0.0s"],
    [449, "0.4s"],
    [999, "0.9s"],
    [1000, "1s"],
    [59_999, "59s"],
    [60_000, "1m 0s"],
    [84_000, "1m 24s"],
    [3_599_999, "59m 59s"],
    [3_600_000, "1h 0m"],
    [7_500_000, "2h 5m"],
    [86_400_000, "1d 0h"],
    [273_600_000, "3d 4h"],
  ])("%d ms is %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it("shows no tenths while it runs", () => {
    expect(formatDuration(449, true)).toBe("0s");
    expect(formatDuration(84_000, true)).toBe("1m 24s");
  });
});

describe("formatAge", () => {
  const now = Date.UTC(2026, 10, 23, 12);
  it.each([
    [0, "just now"],
    [1999, "just now"],
    [2000, "2 s ago"],
    [59_999, "59 s ago"],
    [180_000, "3 min ago"],
    [7_200_000, "2 h ago"],
    [4 * 86_400_000, "4 d ago"],
    [59 * 86_400_000, "59 d ago"],
    [60 * 86_400_000, "2 mo ago"],
    [364 * 86_400_000, "12 mo ago"],
    [730 * 86_400_000, "2 y ago"],
    [-47 * 60_000, "in 47 min"],
    [-1000, "just now"],
    [-(60 * 60_000 - 1000), "in 1 h"],
    [-(8 * 3_600_000 - 3000), "in 8 h"],
    [-(24 * 3_600_000 - 3000), "in 1 d"],
  ])("%d ms before now is %s", (before, text) => {
    expect(formatAge(now - before, now)).toBe(text);
  });
});

describe("formatSize", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [12_345, "12.3 kB"],
    [49_999, "50.0 kB"],
    [50_000, "0.1 MB"],
    [198_700_000, "198.7 MB"],
    [1_204_300_000, "1,204.3 MB"],
  ])("%d bytes is %s", (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});

it("formatExact names the second and the zone", () => {
  expect(formatExact(Date.UTC(2026, 10, 23, 19, 11, 10), "UTC")).toBe("23 Nov 2026, 19:11:10 UTC");
});

it.each([
  [0, "0 sessions"],
  [1, "1 session"],
  [1200, "1,200 sessions"],
])("formatCount(%d)", (count, text) => {
  expect(formatCount(count, "session")).toBe(text);
});

it.each([
  [900, "15 minutes"],
  [60, "1 minute"],
  [90, "90 seconds"],
  [5, "5 seconds"],
])("formatSpan(%d)", (seconds, text) => {
  expect(formatSpan(seconds)).toBe(text);
});

it("formatClock tells the time of day where the reader is", () => {
  expect(formatClock(Date.UTC(2026, 10, 23, 0, 5), "UTC")).toBe("00:05");
});

it("shortId keeps what tells two apart", () => {
  expect(shortId("sha256:0123456789abcdef0123")).toBe("0123456789ab");
  expect(shortId("0193a1b2-0000-7000-8000-0123456789ab")).toBe("456789ab");
});

it.each([
  ["2026-11-27T03:00Z", "today 03:00"],
  ["2026-11-27T22:30Z", "tonight 22:30"],
  ["2026-11-28T03:00Z", "tomorrow 03:00"],
  ["2026-11-30T03:00Z", "Mon 03:00"],
  ["2026-12-12T03:00Z", "12 Dec 03:00"],
])("%s on 27 November is %s", (at, words) => {
  expect(formatDayTime(Date.parse(at), Date.UTC(2026, 10, 27, 1), "UTC")).toBe(words);
});
