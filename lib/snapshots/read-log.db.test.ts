import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { claimBuild, finishReady, writeLines } from "@/prisma/factories/builds";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker } from "@/prisma/factories/workers";
import { type LineRange, readLines } from "./read-log.server";
import { cursorAtLine } from "./stored-log.server";

useSuiteDatabase();

const SIZES = [1, 2, 3, 1, 7, 40, 1, 1, 1, 5];
let id = "";
/** Lines 1 to 103 in 51 chunks: more than one read fetches. */
const total = 1 + SIZES.reduce((sum, size) => sum + size, 0) + 40;

beforeAll(async () => {
  const claimed = await claimBuild((await publishProfile()).snapshot.id, await makeWorker());
  let next = 2;
  for (const size of [...SIZES, ...Array.from({ length: 40 }, () => 1)]) {
    await writeLines(
      claimed,
      Array.from({ length: size }, (_, index) => `line ${next + index}`),
    );
    next += size;
  }
  await finishReady(claimed);
  id = claimed.claim.snapshotId;
});

async function numbersOf(range: LineRange): Promise<number[]> {
  const numbers: number[] = [];
  for await (const lines of readLines(id, range, new AbortController().signal)) {
    for (const { line, text } of lines) {
      if (line > 1) expect(text).toBe(`line ${line}`);
      numbers.push(line);
    }
  }
  return numbers;
}

const between = (first: number, last: number) =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);

describe("readLines", () => {
  it("gives all lines, in order", async () => {
    expect(await numbersOf({})).toEqual(between(1, total));
  });

  it.each<[LineRange, number, number]>([
    [{ limit: 5 }, 1, 5],
    [{ after: 10 }, 11, total],
    [{ after: 10, limit: 3 }, 11, 13],
    [{ before: 10 }, 1, 9],
    [{ before: 10, limit: 3 }, 7, 9],
    [{ before: 3, limit: 100 }, 1, 2],
    [{ after: 10, before: 20 }, 11, 19],
    [{ after: 10, before: 20, limit: 2 }, 11, 12],
    [{ after: total }, 1, 0],
    [{ after: 1_000_000 }, 1, 0],
    [{ before: 1_000_000, limit: 2 }, total - 1, total],
    [{ before: 1 }, 1, 0],
    [{ before: 0 }, 1, 0],
    [{ after: 5, before: 5 }, 1, 0],
  ])("%j", async (range, first, last) => {
    expect(await numbersOf(range)).toEqual(between(first, last));
  });

  it("gives exactly the range that is asked for, whichever it is", async () => {
    const bound = fc.option(fc.nat(total + 5), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        bound,
        bound,
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        async (after, before, limit) => {
          const all = between(1, total).filter((line) => line > (after ?? 0) && line < (before ?? total + 1));
          const fromEnd = after === undefined && before !== undefined;
          const expected = limit === undefined ? all : fromEnd ? all.slice(-limit) : all.slice(0, limit);
          expect(await numbersOf({ after, before, limit })).toEqual(expected);
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
  });

  it("stops when its reader has left", async () => {
    const stop = new AbortController();
    stop.abort();
    const batches = [];
    for await (const batch of readLines(id, {}, stop.signal)) batches.push(batch);
    expect(batches).toEqual([]);
  });
});

describe("cursorAtLine", () => {
  it("is the last chunk that lies wholly at or before the line", async () => {
    // Chunk 1 is line 1, chunk 2 is line 2, chunk 3 is lines 3 and 4, chunk 4 is lines 5 to 7.
    expect(await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((line) => cursorAtLine(id, line)))).toEqual([
      0, 1, 2, 2, 3, 3, 3, 4,
    ]);
  });
});
