import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outline } from "@/lib/logs/outline";
import type { LogLine } from "@/lib/snapshots/wire";
import type { LogChunk } from "./log-frame";
import { LogStore } from "./log-store";

const at = "2026-11-23T12:00:00.000Z";
const lineOf = (line: number, step: string): LogLine => ({
  line,
  step,
  stream: "stdout",
  at,
  text: `line ${line}`,
});
const bounds = { pages: 4, characters: 1_000_000 };

/** What a worker wrote: numbered chunks, each of one step and one attempt. */
function written(sizes: { lines: number; step: string; attempt: number }[]): LogChunk[] {
  let next = 1;
  return sizes.map(({ lines, step, attempt }, index) => {
    const firstLine = next;
    next += lines;
    return {
      seq: index + 1,
      attempt,
      firstLine,
      lines: Array.from({ length: lines }, (_, offset) => lineOf(firstLine + offset, step)),
    };
  });
}
const inSetup = (...lines: number[]) =>
  written(lines.map((each) => ({ lines: each, step: "setup", attempt: 1 })));

/** What the server's outline says when it has the first `count` chunks. */
function outlineOf(chunks: LogChunk[], count: number): Outline {
  const sections: Outline["sections"] = [];
  for (const { attempt, firstLine, lines } of chunks.slice(0, count)) {
    const [first] = lines;
    const last = sections.at(-1);
    if (!first) continue;
    const to = firstLine + lines.length - 1;
    if (last?.step === first.step && last.attempt === attempt) last.to = to;
    else sections.push({ attempt, step: first.step, from: firstLine, to });
  }
  return { seq: count, sections, marks: [], lines: sections.at(-1)?.to ?? 0, complete: false, cut: null };
}

const makeStore = (truth: LogLine[]) =>
  new LogStore({
    schedule: (notify) => notify(),
    load: async (from, to) => truth.slice(from - 1, to),
    onError: (error) => {
      throw error;
    },
    bounds,
  });
/** Loads are promises that are kept already: after a turn of the loop they have all arrived. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function expectTrue(store: LogStore, truth: LogLine[]): void {
  const { count, sections, lineAt } = store.view();
  for (let number = 1; number <= truth.length; number += 1) {
    const line = lineAt(number);
    if (line && line !== truth[number - 1]) throw new Error(`line ${number} is ${line.text}`);
    if (line && number > count) throw new Error(`line ${number} is beyond the end`);
  }
  let next = 1;
  for (const section of sections) {
    expect(section.from).toBe(next);
    expect(truth[section.from - 1]?.step).toBe(section.step);
    expect(truth[section.to - 1]?.step).toBe(section.step);
    next = section.to + 1;
  }
  expect(next).toBe(count + 1);
}

const sizes = fc.array(
  fc.record({
    lines: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 900 })),
    step: fc.constantFrom("files", "setup", "check"),
    attempt: fc.integer({ min: 1, max: 2 }),
  }),
  { maxLength: 15 },
);
/** What happens to a reader: frames in any order, an outline of now or of before, a look at some lines. */
const event = fc.oneof(
  fc.record({ kind: fc.constant("frame" as const), place: fc.nat(14), cut: fc.nat(3) }),
  fc.record({ kind: fc.constant("next" as const), frames: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant("outline" as const), chunks: fc.nat(15) }),
  fc.record({ kind: fc.constant("look" as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

describe("LogStore", () => {
  it("has no line wrong, twice or out of order, whatever comes in whatever order, and all of them in the end", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.array(event, { maxLength: 25 }), async (plan, events) => {
        const chunks = written(plan);
        const truth = chunks.flatMap((chunk) => chunk.lines);
        const store = makeStore(truth);
        for (const each of events) {
          if (each.kind === "look") store.want([Math.max(1, Math.ceil(each.part * store.view().count))]);
          else if (each.kind === "outline")
            store.open(outlineOf(chunks, Math.min(each.chunks, chunks.length)));
          else if (each.kind === "next")
            for (const chunk of chunks.slice(store.cursor, store.cursor + each.frames))
              expect(store.apply(chunk)).not.toBe("gap");
          else {
            const chunk = chunks[each.place];
            const before = store.cursor;
            // One that is cut short at its beginning is the same chunk to a reader.
            const lines = chunk?.lines.slice(each.cut) ?? [];
            const [first] = lines;
            if (chunk && store.apply(first ? { ...chunk, firstLine: first.line, lines } : chunk) === "gap")
              expect(store.cursor).toBe(before);
          }
          await settled();
          expectTrue(store, truth);
        }
        // A clean connection: an outline of now, the rest of the stream, and a reader who goes through all of it.
        store.open(outlineOf(chunks, Math.max(store.cursor, Math.floor(chunks.length / 2))));
        for (const chunk of chunks.slice(store.cursor)) expect(store.apply(chunk)).not.toBe("gap");
        expectTrue(store, truth);
        expect(store.view().count).toBe(truth.length);
        const read: (LogLine | undefined)[] = [];
        for (let number = 1; number <= truth.length; number += 1) {
          if (!store.view().lineAt(number)) {
            store.want([number]);
            await settled();
          }
          read.push(store.view().lineAt(number));
        }
        expect(read).toEqual(truth);
        expect(store.view().missing).toBeNull();
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it("keeps only so much, and what is looked at", async () => {
    const chunks = inSetup(...Array<number>(30).fill(400));
    const truth = chunks.flatMap(({ lines }) => lines);
    const store = makeStore(truth);
    store.want([1]);
    for (const chunk of chunks) store.apply(chunk);
    const kept = () => truth.filter(({ line }) => store.view().lineAt(line)).length;
    expect(kept()).toBeLessThanOrEqual(5 * 500);
    expect(store.view().lineAt(1)).toBe(truth[0]);
    store.want([6_000]);
    await settled();
    expect(store.view().lineAt(6_000)).toBe(truth[5_999]);
    expect(kept()).toBeLessThanOrEqual(5 * 500);
  });

  it("refuses what would leave a gap, and goes on from an outline", () => {
    const [first, , third] = inSetup(2, 2, 2);
    if (!first || !third) throw new Error("no chunks");
    const store = makeStore([]);
    expect([store.apply(first), store.apply(third), store.apply(first)]).toEqual(["new", "gap", "known"]);
    expect([store.view().count, store.cursor]).toEqual([2, 1]);
    store.open(outlineOf(inSetup(2, 2, 2), 2));
    expect([store.apply(third), store.view().count]).toEqual(["new", 6]);
  });

  it("takes lines that the log has lost for what they are", async () => {
    const chunks = inSetup(2, 1_500, 2);
    const truth = chunks.flatMap(({ lines }) => lines);
    const store = makeStore(truth.slice(0, 2));
    const [first, , third] = chunks;
    if (!first || !third) throw new Error("no chunks");
    store.apply(first);
    store.cutOut({ from: 3, to: 1_502, bytes: 9 });
    expect([store.apply(third), store.view().count]).toEqual(["new", 1_504]);
    store.want([2, 1_503]);
    await settled();
    expect(store.view().missing).toBeNull();
    expect(store.view().cut).toEqual({ from: 3, to: 1_502, bytes: 9 });
  });

  it("says what the server should have and hasn't", async () => {
    const [chunk] = inSetup(10);
    if (!chunk) throw new Error("no chunk");
    const store = makeStore(chunk.lines.slice(0, 4));
    store.open(outlineOf([chunk], 1));
    store.want([1]);
    await settled();
    expect(store.view().missing).toEqual({ from: 5, to: 10 });
  });

  it("tells its listeners once for what came in one frame, and keeps the view until then", () => {
    const due: (() => void)[] = [];
    const store = new LogStore({
      schedule: (notify) => due.push(notify),
      load: async () => [],
      onError: () => undefined,
    });
    let told = 0;
    const stop = store.subscribe(() => {
      told += 1;
    });
    const before = store.view();
    for (const chunk of inSetup(2, 2, 2)) store.apply(chunk);
    expect(store.view()).toBe(before);
    for (const notify of due) notify();
    expect([told, due.length, store.view().count]).toEqual([1, 1, 6]);
    stop();
    store.finish();
    for (const notify of due.splice(1)) notify();
    expect([told, store.view().complete]).toEqual([1, true]);
  });

  it("measures the longest line as it is seen, and finds marks in what comes", () => {
    const store = makeStore([]);
    const line = { ...lineOf(1, "setup"), text: "\u001b[31merror: four\u001b[0m" };
    store.apply({ seq: 1, attempt: 1, firstLine: 1, lines: [line] });
    expect(store.view().widest).toBe(11);
    expect(store.view().marks.map((mark) => [mark.line, mark.kind, mark.text])).toEqual([
      [1, "suspect", "error: four"],
    ]);
  });

  it("lets a colour last over lines of its stream and over pages, and not over steps", async () => {
    const chunks = written([
      { lines: 1_000, step: "setup", attempt: 1 },
      { lines: 2, step: "check", attempt: 1 },
    ]);
    const truth = chunks.flatMap(({ lines }) => lines);
    const paint = (number: number, text: string, stream: LogLine["stream"] = "stdout") => {
      const line = truth[number - 1];
      if (line) truth[number - 1] = { ...line, text, stream };
    };
    paint(400, "\u001b[31mred");
    paint(499, "also", "stderr");
    const store = makeStore(truth);
    store.open(outlineOf(chunks, 2));
    store.want([700]);
    await settled();
    const { styleBefore } = store.view();
    expect([400, 499].map(styleBefore)).toEqual([null, null]);
    expect([401, 498, 501, 1_000].map((line) => styleBefore(line)?.foreground)).toEqual(
      Array(4).fill({ kind: "palette", index: 1 }),
    );
    expect([1_001, 1_002].map(styleBefore)).toEqual([null, null]);
  });

  it("shows a line that is being written until it is written", () => {
    const store = makeStore([]);
    store.rewrite({ stream: "stdout", step: "setup", text: "10 %" });
    store.rewrite({ stream: "stdout", step: "setup", text: "20 %" });
    store.rewrite({ stream: "stderr", step: "setup", text: "hm" });
    expect(store.view().tail.map(({ text }) => text)).toEqual(["20 %", "hm"]);
    store.rewrite({ stream: "stdout", step: "setup", text: "" });
    expect(store.view().tail.map(({ text }) => text)).toEqual(["hm"]);
    store.finish();
    expect(store.view().tail).toEqual([]);
  });
});
