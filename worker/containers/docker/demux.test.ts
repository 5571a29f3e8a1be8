import fc from "fast-check";
import { expect, test } from "vitest";
import type { OutputChunk } from "../types";
import { demultiplex } from "./demux";

interface Frame {
  kind: 0 | 1 | 2 | 3;
  text: string;
}

function encode(frames: Frame[]): Buffer {
  return Buffer.concat(
    frames.flatMap(({ kind, text }) => {
      const header = Buffer.alloc(8);
      const body = Buffer.from(text);
      header[0] = kind;
      header.writeUInt32BE(body.length, 4);
      return [header, body];
    }),
  );
}

async function* inPieces(bytes: Buffer, lengths: number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (const length of lengths) {
    yield bytes.subarray(at, at + length);
    at += length;
  }
  yield bytes.subarray(at);
}

async function read(source: AsyncIterable<Uint8Array>): Promise<OutputChunk[]> {
  const chunks: OutputChunk[] = [];
  for await (const { stream, data } of demultiplex(source)) chunks.push({ stream, data });
  return chunks;
}

const textOf = (chunks: OutputChunk[], stream: OutputChunk["stream"]) =>
  Buffer.concat(chunks.filter((chunk) => chunk.stream === stream).map((chunk) => chunk.data)).toString();

test("however the bytes arrive, the same text comes out", async () => {
  const frames = fc.array(
    fc.record({ kind: fc.constantFrom(0, 1, 2, 3), text: fc.string({ unit: "binary" }) }),
  );
  await fc.assert(
    fc.asyncProperty(frames, fc.array(fc.nat({ max: 20 })), async (some, lengths) => {
      const chunks = await read(inPieces(encode(some), lengths));
      const wanted = (kinds: number[]) =>
        some.flatMap((one) => (kinds.includes(one.kind) ? one.text : [])).join("");
      expect(textOf(chunks, "stdout")).toBe(wanted([0, 1]));
      expect(textOf(chunks, "stderr")).toBe(wanted([2, 3]));
    }),
  );
});

test("frames keep their order", async () => {
  const frames: Frame[] = [1, 2, 1, 1, 2].map((kind, index) => ({
    kind: kind === 1 ? 1 : 2,
    text: String(index),
  }));
  const chunks = await read(inPieces(encode(frames), [3, 1, 9]));
  expect(chunks.map(({ data }) => Buffer.from(data).toString()).join("")).toBe("01234");
});

test("a large frame is handed on before it is complete", async () => {
  const output = demultiplex(inPieces(encode([{ kind: 1, text: "x".repeat(1000) }]), [8 + 10, 10]));
  expect((await output.next()).value?.data.length).toBe(10);
});

test("nothing is read ahead of the consumer", async () => {
  let pulled = 0;
  const source = async function* () {
    for (; ; pulled += 1) yield encode([{ kind: 1, text: "line" }]);
  };
  const output = demultiplex(source());
  await output.next();
  await output.next();
  expect(pulled).toBeLessThanOrEqual(1);
  await output.return();
});

test.for([0, 1, 5, 8, 9])(
  "an end after %i bytes of a frame is an error, unless there was none",
  async (length) => {
    const reading = read(inPieces(encode([{ kind: 1, text: "abc" }]).subarray(0, length), []));
    if (length === 0) await expect(reading).resolves.toEqual([]);
    else await expect(reading).rejects.toMatchObject({ code: "unavailable" });
  },
);

test.for(["HTTP/1.1 500 no", "\u0004\0\0\0\0\0\0\u0001x", "\u0001\0\u0001\0\0\0\0\u0001x"])(
  "%j is no frame",
  async (text) => {
    await expect(read(inPieces(Buffer.from(text), []))).rejects.toMatchObject({ code: "failed" });
  },
);
