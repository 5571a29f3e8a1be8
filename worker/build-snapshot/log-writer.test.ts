import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { decodeLines } from "@/lib/logs/chunk";
import { LineMaker, type Lines } from "@/lib/logs/line-maker";
import type { Append } from "@/lib/snapshots/log-store.server";
import { ClaimLost, type LogLimits, LogWriter } from "./log-writer";

/** What the database does with one append. */
type Fate = "stored" | "slow" | "away" | "unknown" | "lost";

/** Chunks in memory under the same rules as the real rows: one more than the last, once. */
class Store {
  readonly chunks: Append[] = [];
  readonly retries: unknown[] = [];
  calls = 0;
  private open = 0;
  mostOpen = 0;
  /** Nothing is answered before this resolves. */
  gate: Promise<void> = Promise.resolve();

  constructor(private readonly fates: Fate[] = []) {}

  readonly append = async (chunk: Append): Promise<boolean> => {
    this.open += 1;
    this.calls += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    try {
      await this.gate;
      return await this.decide(this.fates.shift() ?? "stored", chunk);
    } finally {
      this.open -= 1;
    }
  };

  private async decide(fate: Fate, chunk: Append): Promise<boolean> {
    if (fate === "lost") return false;
    if (fate === "away") throw new Error("the database is away");
    if (fate === "slow") await new Promise((resolve) => setImmediate(resolve));
    const last = this.chunks.at(-1)?.seq ?? 0;
    if (chunk.seq === last + 1) this.chunks.push(structuredClone(chunk));
    else if (chunk.seq !== last) throw new Error(`chunk ${chunk.seq} came after ${last}`);
    if (fate === "unknown") throw new Error("the connection was lost after the commit");
    return true;
  }

  get lines() {
    return this.chunks.flatMap((chunk) =>
      decodeLines({ ...chunk, at: new Date(chunk.at) }).map(({ stream, text, step }) => ({
        stream,
        text,
        step,
      })),
    );
  }

  get texts(): string[] {
    return this.lines.map(({ text }) => text);
  }
}

function writerFor(store: Store, limits: Partial<LogLimits> = {}): LogWriter {
  const onRetry = (error: unknown) => void store.retries.push(error);
  return new LogWriter({
    append: store.append,
    seq: 0,
    lines: 0,
    step: "kiln",
    spoolFolder: tmpdir(),
    onRetry,
    limits: { retryMs: 1, mostRetryMs: 2, ...limits },
  });
}

/** A gate that stays closed until `open` is called. */
function closedGate(): { gate: Promise<void>; open: () => void } {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  return { gate, open };
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textsOf = (pieces: readonly Lines[]) =>
  pieces.flatMap(({ bytes }) =>
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).split("\n").slice(0, -1),
  );
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
/** Fails with what is there when the texts don't come to be stored by themselves. */
const expectStored = (store: Store, texts: string[]) =>
  vi.waitFor(() => expect(store.texts).toEqual(texts), { timeout: 3_000, interval: 5 });

describe("what is stored", () => {
  type Step =
    | { kind: "write"; stream: "stdout" | "stderr"; data: Uint8Array }
    | { kind: "say"; text: string }
    | { kind: "enter"; step: string }
    | { kind: "flush" }
    | { kind: "turn" };

  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc.constantFrom("\n", "a\nb\n", "50%\r100%\n", "x".repeat(700)),
  );
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("write" as const),
        stream: fc.constantFrom("stdout" as const, "stderr" as const),
        data: text.map(bytesOf),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("say" as const), text }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("enter" as const),
        step: fc.constantFrom("files", "setup", "capture"),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("flush" as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("turn" as const) }) },
  );
  const fates = fc.array(fc.constantFrom<Fate>("stored", "slow", "away", "unknown"), { maxLength: 40 });

  async function carryOut(log: LogWriter, steps: Step[]): Promise<void> {
    for (const one of steps) {
      if (one.kind === "write") await log.write(one.stream, one.data);
      else if (one.kind === "say") log.say(one.text);
      else if (one.kind === "enter") log.enter(one.step);
      else if (one.kind === "flush") await log.flush();
      else await nextTurn();
    }
    await log.flush();
  }

  /** The same lines without any store: what was written. */
  function writtenBy(steps: Step[]) {
    const makers = { stdout: new LineMaker(), stderr: new LineMaker() };
    const lines: Array<{ stream: string; text: string; step: string }> = [];
    let current = "kiln";
    const end = () => {
      for (const stream of ["stdout", "stderr"] as const)
        for (const each of textsOf(makers[stream].end())) lines.push({ stream, text: each, step: current });
    };
    for (const one of steps) {
      if (one.kind === "write")
        for (const each of textsOf(makers[one.stream].push(one.data)))
          lines.push({ stream: one.stream, text: each, step: current });
      else if (one.kind === "say")
        for (const each of one.text.split("\n")) lines.push({ stream: "system", text: each, step: current });
      else if (one.kind !== "turn") end();
      if (one.kind === "enter") current = one.step;
    }
    end();
    return lines;
  }

  it("is what was written: in order, nothing lost, nothing twice, whatever the database does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fates, async (steps, fate) => {
        const store = new Store([...fate]);
        await carryOut(
          writerFor(store, {
            flushMs: 2,
            flushBytes: 256,
            chunkBytes: 512,
            memoryBytes: 400,
            fileBytes: 400,
          }),
          steps,
        );
        expect(store.lines).toEqual(writtenBy(steps));
        let line = 1;
        for (const [index, chunk] of store.chunks.entries()) {
          expect(chunk).toMatchObject({ seq: index + 1, firstLine: line });
          expect(chunk.count).toBeGreaterThan(0);
          line += chunk.count;
        }
        expect(store.mostOpen).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it("goes on from where the log stood", async () => {
    const store = new Store();
    const chunks: Append[] = [];
    const append = (chunk: Append) => Promise.resolve(chunks.push(chunk) > 0);
    const log = new LogWriter({
      append,
      seq: 7,
      lines: 40,
      step: "kiln",
      spoolFolder: tmpdir(),
      onRetry: (error) => store.retries.push(error),
    });
    expect(log.nextLine).toBe(41);
    log.say("on");
    expect(log.nextLine).toBe(42);
    await log.flush();
    expect(chunks).toMatchObject([{ seq: 8, firstLine: 41, count: 1, lastLine: "on" }]);
  });

  it("has the last line, though nothing ended it", async () => {
    const store = new Store();
    const log = writerFor(store);
    await log.write("stdout", bytesOf("a\nno end"));
    await log.write("stderr", bytesOf("nor here"));
    await log.flush();
    expect(store.texts).toEqual(["a", "no end", "nor here"]);
  });

  it("belongs to the step in which it was written, also what nothing ended", async () => {
    const store = new Store();
    const log = writerFor(store);
    log.enter("setup");
    await log.write("stdout", bytesOf("prompt> "));
    log.enter("capture");
    log.say("captured");
    await log.flush();
    expect(store.lines).toEqual([
      { stream: "stdout", text: "prompt> ", step: "setup" },
      { stream: "system", text: "captured", step: "capture" },
    ]);
  });
});

describe("when it is stored", () => {
  it("the first line goes out at once", async () => {
    const store = new Store();
    const late = vi.waitFor(() => expect(store.calls).toBe(1), { timeout: 1_000, interval: 1 });
    const log = writerFor(store, { flushMs: 600_000 });
    log.say("hello");
    await late;
    await expectStored(store, ["hello"]);
  });

  it("what comes after it is gathered into one chunk", async () => {
    const store = new Store();
    const log = writerFor(store, { flushMs: 50 });
    log.say("first");
    await expectStored(store, ["first"]);
    for (let i = 0; i < 100; i += 1) await log.write("stdout", bytesOf(`${i}\n`));
    await vi.waitFor(() => expect(store.texts).toHaveLength(101), { timeout: 3_000, interval: 5 });
    expect(store.chunks).toHaveLength(2);
  });

  it("what waits is stored sooner as soon as somebody looks on, and for a while", async () => {
    const store = new Store();
    const log = writerFor(store, { flushMs: 600_000, watchedFlushMs: 1, watchedMs: 600_000 });
    log.say("first");
    await expectStored(store, ["first"]);
    log.say("waits");
    log.watched();
    await expectStored(store, ["first", "waits"]);
    log.say("later");
    await expectStored(store, ["first", "waits", "later"]);
  });

  it("nobody is taken to look on for ever", async () => {
    const store = new Store();
    const log = writerFor(store, { flushMs: 600_000, watchedFlushMs: 1, watchedMs: 0 });
    log.say("first");
    await expectStored(store, ["first"]);
    log.watched();
    log.say("gathered");
    await nextTurn();
    expect(store.calls).toBe(1);
    await log.flush();
    expect(store.texts).toEqual(["first", "gathered"]);
  });

  it("a full chunk doesn't wait", async () => {
    const store = new Store();
    const log = writerFor(store, { flushMs: 600_000 });
    log.say("first");
    await expectStored(store, ["first"]);
    await log.write("stdout", bytesOf(`${"x".repeat(16 * 1024)}\n`));
    await vi.waitFor(() => expect(store.chunks).toHaveLength(2), { timeout: 3_000, interval: 5 });
  });

  it("goes on by itself after a flush that came before its timer", async () => {
    const store = new Store();
    const log = writerFor(store, { flushMs: 20 });
    log.say("a");
    await log.flush();
    log.say("b");
    await log.flush();
    log.say("c");
    await expectStored(store, ["a", "b", "c"]);
  });

  it("goes on by itself after a step that began before its timer", async () => {
    const store = new Store();
    const log = writerFor(store, { flushMs: 20 });
    log.say("a");
    log.enter("setup");
    log.say("b");
    log.enter("capture");
    log.say("c");
    await expectStored(store, ["a", "b", "c"]);
  });

  it("gathers larger chunks, not more of them, while the database is slow", async () => {
    const store = new Store();
    const { gate, open } = closedGate();
    store.gate = gate;
    const log = writerFor(store, { flushMs: 0 });
    for (let i = 0; i < 200; i += 1) {
      await log.write("stdout", bytesOf(`${i}\n`));
      await nextTurn();
    }
    open();
    await log.flush();
    expect(store.texts).toHaveLength(200);
    expect(store.chunks.length).toBeLessThanOrEqual(3);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    "a chunk that is sealed %d microtasks after the last one was stored isn't forgotten",
    async (depth) => {
      const store = new Store();
      const log = writerFor(store, { flushMs: 600_000 });
      const { gate, open } = closedGate();
      store.gate = gate;
      log.say("x".repeat(20_000));
      open();
      await gate;
      for (let i = 0; i < depth; i += 1) await Promise.resolve();
      await log.write("stdout", bytesOf(`${"y".repeat(16_384)}\n`));
      await vi.waitFor(() => expect(store.chunks).toHaveLength(2), { timeout: 3_000, interval: 5 });
    },
  );
});

describe("back-pressure", () => {
  /** 64 KiB that can't be compressed, in lines of 1 KiB. */
  const piece = () =>
    bytesOf(
      Array.from({ length: 64 }, () => `${randomBytes(512).toString("hex").slice(0, 1023)}\n`).join(""),
    );

  it("holds nobody up while the spool has room, in little memory", async () => {
    const store = new Store();
    const { gate, open } = closedGate();
    store.gate = gate;
    const log = writerFor(store);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 640; i += 1) await log.write("stdout", piece());
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 1024 * 1024);
    open();
    await log.flush();
    expect(store.chunks.reduce((sum, chunk) => sum + chunk.count, 0)).toBe(640 * 64);
  });

  it("a write waits while memory and file are full, and goes on when there is room", async () => {
    const store = new Store();
    const { gate, open } = closedGate();
    store.gate = gate;
    const log = writerFor(store, { memoryBytes: 500_000, fileBytes: 500_000 });
    let taken = 0;
    const writing = (async () => {
      for (let i = 0; i < 64; i += 1) {
        await log.write("stdout", piece());
        taken += 1;
      }
    })();
    for (let i = 0; i < 200; i += 1) await nextTurn();
    // As hexadecimal digits they compress to about half.
    expect(taken).toBeGreaterThan(20);
    expect(taken).toBeLessThan(50);
    open();
    await writing;
    await log.flush();
    expect(store.texts).toHaveLength(64 * 64);
  });
});

describe("a database that is away", () => {
  it("is asked again, and each refusal is told", async () => {
    const store = new Store(["away", "away", "unknown", "away"]);
    const log = writerFor(store);
    log.say("a");
    await log.flush();
    log.say("b");
    await log.flush();
    expect(store.texts).toEqual(["a", "b"]);
    expect(store.retries).toHaveLength(4);
  });

  it("for too long is the end: whoever writes is told why", async () => {
    const store = new Store(Array.from({ length: 1_000 }, () => "away" as const));
    const log = writerFor(store, { giveUpMs: 20 });
    log.say("a");
    await expect(log.flush()).rejects.toThrow("the database is away");
    await expect(log.write("stdout", bytesOf("b"))).rejects.toThrow("the database is away");
    expect(store.chunks).toEqual([]);
  });
});

describe("a lost claim", () => {
  it("is told by write and flush, and nothing more is tried", async () => {
    const store = new Store(["stored", "lost"]);
    const log = writerFor(store);
    log.say("a");
    await log.flush();
    log.say("b");
    await expect(log.flush()).rejects.toThrow(ClaimLost);
    await expect(log.write("stdout", bytesOf("c\n"))).rejects.toThrow(ClaimLost);
    log.say("d");
    log.enter("setup");
    await expect(log.flush()).rejects.toThrow(ClaimLost);
    expect(store.texts).toEqual(["a"]);
    expect(store.calls).toBe(2);
  });

  it("ends a write that waits for room", async () => {
    const store = new Store(["lost"]);
    const { gate, open } = closedGate();
    store.gate = gate;
    const log = writerFor(store, { memoryBytes: 10, fileBytes: 0 });
    const writing = log.write("stdout", bytesOf(`${"x".repeat(20_000)}\n`));
    open();
    await expect(writing).rejects.toThrow(ClaimLost);
  });
});

describe("secrets in a log", () => {
  const TOKEN = "opensesame-4711";
  const writer = (store: Store) => {
    const log = writerFor(store);
    log.mask([{ name: "TOKEN", value: TOKEN }]);
    return log;
  };

  it("are masked in output of either stream, split anywhere, and in Kiln's own words", async () => {
    const store = new Store();
    const log = writer(store);
    for (const byte of Buffer.from(`out ${TOKEN}!\n`)) await log.write("stdout", Uint8Array.of(byte));
    await log.write("stderr", Buffer.from(`err ${TOKEN}`));
    log.say(`it said ${TOKEN}`);
    await log.flush();
    expect(store.texts.toSorted()).toEqual(["err ***", "it said ***", "out ***!"]);
    expect(log.masked(`in /${TOKEN}/x`)).toBe("in /***/x");
  });

  it("don't keep a line that has begun like one from being shown at the end of its step", async () => {
    const store = new Store();
    const log = writer(store);
    await log.write("stdout", Buffer.from("a\nopensesame-"));
    log.enter("check");
    await log.write("stdout", Buffer.from("4711\n"));
    await log.flush();
    expect(store.lines.map(({ step, text }) => `${step}: ${text}`)).toEqual([
      "kiln: a",
      "kiln: opensesame-",
      "check: 4711",
    ]);
  });
});
