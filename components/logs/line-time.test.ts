import { expect, it } from "vitest";
import { formatElapsed, formatLineTime } from "./line-time";

it.each([
  [-5, "0:00.0"],
  [0, "0:00.0"],
  [3_460, "0:03.4"],
  [761_000, "12:41.0"],
  [3_723_400, "1:02:03.4"],
])("%i ms is %s", (milliseconds, text) => {
  expect(formatElapsed(milliseconds)).toBe(text);
});

it("writes what the reader chose", () => {
  const at = "2026-11-23T12:00:03.450Z";
  expect(formatLineTime(at, "elapsed", Date.parse("2026-11-23T12:00:00.000Z"))).toBe("0:03.4");
  expect(formatLineTime(at, "utc", 0)).toBe("12:00:03Z");
  expect(formatLineTime(at, "local", 0)).toMatch(/^\d\d:\d\d:03$/);
});
