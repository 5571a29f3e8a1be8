/** A line that isn't complete is told while it changes, and is no line before it is. */
import { tmpdir } from "node:os";
import { expect, it, vi } from "vitest";
import { decodeLines } from "@/lib/logs/chunk";
import type { Append } from "@/lib/snapshots/log-store.server";
import type { LogTail } from "@/lib/snapshots/wire";
import { LogWriter } from "./log-writer";

/** All that readers get, in the order in which they get it. */
function told() {
  const events: Array<{ lines: string[]; tail: LogTail[] }> = [];
  const take = (lines: string[], tail: readonly LogTail[]) => void events.push({ lines, tail: [...tail] });
  const log = new LogWriter({
    append: async (chunk: Append) => {
      take(
        decodeLines({ ...chunk, at: new Date(chunk.at) }).map(({ text }) => text),
        chunk.tail ?? [],
      );
      return true;
    },
    tell: async (tail) => take([], tail),
    seq: 0,
    lines: 0,
    step: "setup",
    spoolFolder: tmpdir(),
    onRetry: (error) => {
      throw error;
    },
    limits: { flushMs: 20 },
  });
  return { log, events, write: (text: string) => log.write("stdout", Buffer.from(text)) };
}

const until = (holds: () => void) => vi.waitFor(holds, { timeout: 3_000, interval: 2 });
const tail = (text: string): LogTail[] => [{ stream: "stdout", step: "setup", text }];

it("shows how a progress bar looks now, and takes it away with the line that it becomes", async () => {
  const { log, events, write } = told();
  for (const percent of [" 10%", " 50%", " 90%"]) {
    await write(`\r${percent}`);
    await until(() => expect(events.at(-1)).toEqual({ lines: [], tail: tail(percent) }));
  }
  await write("\rdone\n");
  await until(() => expect(events.at(-1)).toEqual({ lines: ["done"], tail: [] }));
  await log.flush();
  expect(events.flatMap(({ lines }) => lines)).toEqual(["done"]);
});

it("comes with the lines before it, not before them", async () => {
  const { log, events, write } = told();
  await write("one\ntwo\nthr");
  await until(() => expect(events).toEqual([{ lines: ["one", "two"], tail: tail("thr") }]));
  await write("ee\n");
  await until(() => expect(events.at(-1)).toEqual({ lines: ["three"], tail: [] }));
  await log.flush();
});

it("is told seldom, however often it is rewritten, and the last of it in the end", async () => {
  const { log, events, write } = told();
  const started = performance.now();
  for (let index = 0; index <= 3_000; index += 1) {
    await write(`\r${index}`);
    if (index % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => expect(events.at(-1)?.tail).toEqual(tail("3000")));
  expect(events.length).toBeLessThanOrEqual(2 + (performance.now() - started) / 20);
  await log.flush();
});

it("hides what is secret in it", async () => {
  const { log, events, write } = told();
  log.mask([{ name: "TOKEN", value: "opensesame-4711" }]);
  await write("\rat opensesame-4711 now");
  await until(() => expect(events.at(-1)?.tail).toEqual(tail("at *** now")));
  await log.flush();
});
