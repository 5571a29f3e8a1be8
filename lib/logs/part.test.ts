import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeLines, type LogStream, packLines } from "./chunk";
import { decodePart, encodePart } from "./part";

const line = fc.record({
  stream: fc.constantFrom<LogStream>("stdout", "stderr", "system"),
  at: fc.constant(Date.UTC(2026, 10, 26)),
  text: fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", " ")),
});

it("a part gives back its chunks: numbers, attempts, steps and lines", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(line, { minLength: 1, maxLength: 30 }), { minLength: 1 }),
      async (groups) => {
        let firstLine = 1;
        const chunks = groups.map((lines, index) => {
          const { at, data, count } = packLines(lines);
          const chunk = {
            seq: index + 5,
            attempt: 2,
            firstLine,
            lineCount: count,
            step: `step ${index}`,
            at: new Date(at),
            data,
          };
          firstLine += count;
          return chunk;
        });
        const decoded = await decodePart(await encodePart(chunks));
        expect(decoded.map(({ data: _, ...rest }) => rest)).toEqual(
          chunks.map(({ data: _, ...rest }) => rest),
        );
        expect(decoded.flatMap(decodeLines)).toEqual(chunks.flatMap(decodeLines));
      },
    ),
    { numRuns: 50 },
  );
});
