import { expect, it } from "vitest";
import { LogStore } from "@/components/logs/log-store";
import type { LogLine } from "@/lib/snapshots/wire";
import { lastWords } from "./last-words";

const at = "2026-11-23T12:00:00.000Z";
function words(texts: string[], step: string | null = "setup"): string[] {
  const lines = texts.map((text, index): LogLine => {
    const system = text.startsWith("kiln:");
    return { line: index + 1, step: "setup", stream: system ? "system" : "stdout", at, text };
  });
  const store = new LogStore({
    schedule: (notify) => notify(),
    load: async () => [],
    onError: () => undefined,
  });
  store.apply({ seq: 1, attempt: 1, firstLine: 1, lines });
  return lastWords(store.view(), step).map((line) => line.text);
}

it("shows the end", () => {
  expect(words(["a", "b", "c", "d", "e", "f"])).toEqual(["b", "c", "d", "e", "f"]);
  expect(words(["a", "b"])).toEqual(["a", "b"]);
  expect(words([])).toEqual([]);
});

it("shows complaints that stand before the end, the last ones", () => {
  const texts = ["E: one", "E: two", "E: three", "E: four", "a", "b", "c", "d", "e"];
  expect(words(texts)).toEqual(["E: two", "E: three", "E: four", "d", "e"]);
  expect(words(["E: one", "a", "b", "c", "d", "e"])).toEqual(["E: one", "b", "c", "d", "e"]);
});

it("doesn't repeat a complaint that is the end", () => {
  expect(words(["a", "b", "c", "d", "e", "E: one"])).toEqual(["b", "c", "d", "e", "E: one"]);
});

it("leaves out Kiln's own words, and takes the whole log when the step has none", () => {
  expect(words(["a", "kiln: failed"])).toEqual(["a"]);
  expect(words(["a"], null)).toEqual(["a"]);
});
