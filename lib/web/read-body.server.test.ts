import { expect, it } from "vitest";
import { readBody } from "./read-body.server";

const requestOf = (body: ReadableStream<Uint8Array<ArrayBuffer>>) => ({ body });
const streamOf = (...chunks: Array<Uint8Array<ArrayBuffer> | Error>) =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const next = chunks.shift();
      if (next instanceof Error) controller.error(next);
      else if (next) controller.enqueue(next);
      else controller.close();
    },
  });

it("is what came, in order; nothing is empty", async () => {
  expect((await readBody(requestOf(streamOf(Buffer.from("one "), Buffer.from("two"))))).toString()).toBe(
    "one two",
  );
  expect((await readBody(new Request("http://kiln.test/"))).length).toBe(0);
});

it("is refused when it is too large, and when its sender has left: that isn't the database's doing", async () => {
  const large = new Uint8Array(1_500_000);
  await expect(readBody(requestOf(streamOf(large, large)))).rejects.toMatchObject({
    status: 413,
    code: "body_too_large",
  });
  const gone = Object.assign(new Error("aborted"), { code: "ECONNRESET" });
  await expect(readBody(requestOf(streamOf(Buffer.from("{"), gone)))).rejects.toMatchObject({
    status: 400,
    code: "body_cut_off",
  });
});
