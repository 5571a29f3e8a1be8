import fc from "fast-check";
import { describe, expect, it } from "vitest";
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
const now = (notify: () => void) => notify();

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

/** Several chunks in one frame, as a server may send what is long finished. */
function merge(chunks: LogChunk[]): LogChunk[] {
  const [first] = chunks;
  const last = chunks.at(-1);
  if (!first || !last) return [];
  return [{ ...first, seq: last.seq, lines: chunks.flatMap((chunk) => chunk.lines) }];
}

const sizes = fc.array(
  fc.record({
    lines: fc.integer({ min: 0, max: 5 }),
    step: fc.constantFrom("files", "setup", "check"),
    attempt: fc.constant(1),
  }),
  { maxLength: 30 },
);
/** One connection: how many frames arrive, which are sent twice, which overtake, how many are merged. */
const connection = fc.record({
  cut: fc.integer({ min: 0, max: 30 }),
  twice: fc.array(fc.nat(30), { maxLength: 5 }),
  swaps: fc.array(fc.nat(30), { maxLength: 5 }),
  merged: fc.integer({ min: 1, max: 4 }),
  behind: fc.integer({ min: 0, max: 5 }),
});

describe("LogStore", () => {
  it("has every line once and in order, whatever connections do", () => {
    fc.assert(
      fc.property(sizes, fc.array(connection, { maxLength: 6 }), (plan, connections) => {
        const chunks = written(plan);
        const all = chunks.flatMap((chunk) => chunk.lines);
        const store = new LogStore(now);
        const clean = { cut: chunks.length, twice: [], swaps: [], merged: 1, behind: 0 };
        for (const { cut, twice, swaps, merged, behind } of [...connections, clean]) {
          const rest = chunks.slice(Math.max(0, store.cursor - behind));
          const frames = [...merge(rest.slice(0, merged)), ...rest.slice(merged)].slice(0, cut);
          for (const place of twice) {
            const frame = frames[place];
            if (frame) frames.splice(place, 0, frame);
          }
          for (const place of swaps) {
            const [early] = frames.splice(place, 1);
            if (early) frames.splice(Math.max(0, place - 2), 0, early);
          }
          for (const frame of frames) {
            // A gap ends the connection; the next one resumes from the cursor.
            if (store.apply(frame) === "gap") break;
            const { lines, count } = store.view();
            expect(lines.slice(0, count)).toEqual(all.slice(0, count));
          }
        }
        expect(store.view().lines).toEqual(all);
        expect(store.cursor).toBe(chunks.length);
      }),
      { numRuns: 500 },
    );
  });

  it("cuts the log into sections without overlap", () => {
    fc.assert(
      fc.property(sizes, (plan) => {
        const store = new LogStore(now);
        for (const chunk of written(plan)) store.apply(chunk);
        let end = 0;
        for (const section of store.view().sections) {
          expect(section.start).toBe(end);
          end = section.end;
          for (const line of store.view().lines.slice(section.start, end))
            expect(line.step).toBe(section.step);
        }
        expect(end).toBe(store.view().count);
      }),
    );
  });

  it("refuses what would leave a gap", () => {
    const [first, , third] = written([1, 2, 3].map(() => ({ lines: 2, step: "setup", attempt: 1 })));
    const store = new LogStore(now);
    if (!first || !third) throw new Error("no chunks");
    expect([store.apply(first), store.apply(third), store.apply(first)]).toEqual(["new", "gap", "known"]);
    expect(store.view().count).toBe(2);
    expect(store.cursor).toBe(1);
    store.giveUpAt(third.firstLine);
    expect(store.view().missing).toEqual({ from: 3, to: 4 });
  });

  it("starts a section for a new attempt of the same step", () => {
    const store = new LogStore(now);
    for (const chunk of written([1, 2].map((attempt) => ({ lines: 1, step: "setup", attempt }))))
      store.apply(chunk);
    expect(store.view().sections.map(({ attempt, start }) => [attempt, start])).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });

  it("tells its listeners once for what came in one frame, and keeps the view until then", () => {
    const due: (() => void)[] = [];
    const store = new LogStore((notify) => due.push(notify));
    let told = 0;
    const stop = store.subscribe(() => {
      told += 1;
    });
    const before = store.view();
    for (const chunk of written([1, 2, 3].map(() => ({ lines: 2, step: "setup", attempt: 1 }))))
      store.apply(chunk);
    expect(store.view()).toBe(before);
    for (const notify of due) notify();
    expect([told, due.length, store.view().count]).toEqual([1, 1, 6]);
    stop();
    store.finish();
    for (const notify of due.splice(1)) notify();
    expect([told, store.view().complete]).toEqual([1, true]);
  });

  it("measures the longest line as it is seen", () => {
    const store = new LogStore(now);
    const line = { ...lineOf(1, "setup"), text: "\u001b[31mfour\u001b[0m" };
    store.apply({ seq: 1, attempt: 1, firstLine: 1, lines: [line] });
    expect(store.view().widest).toBe(4);
  });

  it("lets a colour last over lines of its stream, and not over steps", () => {
    const store = new LogStore(now);
    const red = { ...lineOf(1, "setup"), text: "\u001b[31mred" };
    const other = { ...lineOf(3, "setup"), stream: "stderr" as const };
    store.apply({
      seq: 1,
      attempt: 1,
      firstLine: 1,
      lines: [red, lineOf(2, "setup"), other, lineOf(4, "check")],
    });
    const { styles } = store.view();
    expect([...styles.keys()]).toEqual([1]);
    expect(styles.get(1)?.foreground).toEqual({ kind: "palette", index: 1 });
  });
});
