/** What a script says is what is stored: much of it, and bytes of any kind (F13). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { built, ended, inStep, publish, storedLines } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import type { WorkerProcess } from "@/worker/testing/worker-process";

let kiln: TestKiln;
let worker: WorkerProcess;
beforeAll(async () => {
  kiln = await startKiln();
  worker = await kiln.startWorker({}, { lean: true });
  // What the first build of a process loads isn't what a long log costs.
  await built({ setupScript: "echo warm" });
});
afterAll(() => kiln.cleanUp());

const MIB = 1024 * 1024;
/** How much more memory the worker may take for any log, collected late as it is. */
const ROOM_MIB = 160;

async function saidBy(snapshotId: string): Promise<string[]> {
  const lines = await storedLines(snapshotId);
  return lines.filter(({ step, stream }) => step === "setup" && stream !== "system").map(({ text }) => text);
}

test("200,000 lines: all of them, once, in order, in little memory", async () => {
  const before = worker.peakMemory();
  // As long as lines of a package manager are: 16 MiB together.
  const pad = "-".repeat(72);
  const started = Date.now();
  const snapshot = await built({
    setupScript: `seq -f "%08.0f ${pad}" 1 200000 2>/dev/null || seq 1 200000 | sed 's/$/ ${pad}/'`,
  });
  const seconds = (Date.now() - started) / 1000;
  expect(snapshot.status).toBe("ready");
  const said = await saidBy(snapshot.id);
  expect(said.length).toBe(200_000);
  const wrong = said.findIndex((text, index) => Number.parseInt(text, 10) !== index + 1);
  expect(wrong, said[wrong]).toBe(-1);
  expect(snapshot.log).toMatchObject({ truncatedBytes: 0 });
  expect(worker.peakMemory() - before).toBeLessThan(ROOM_MIB);
  expect(seconds).toBeLessThan(60);
});

test("ten megabytes without a line end become lines of a bounded length; nothing is lost", async () => {
  const before = worker.peakMemory();
  const snapshot = await built({ setupScript: "head -c 10485760 /dev/zero | tr '\\0' x; echo; echo end" });
  expect(snapshot.status).toBe("ready");
  const said = await saidBy(snapshot.id);
  expect(said.at(-1)).toBe("end");
  const long = said.slice(0, -1);
  expect(long.reduce((sum, text) => sum + text.length, 0)).toBe(10 * MIB);
  expect(long.every((text) => /^x+$/.test(text) && text.length <= 256 * 1024)).toBe(true);
  expect(worker.peakMemory() - before).toBeLessThan(ROOM_MIB);
});

test("bytes that aren't UTF-8, NUL, half a character at a border", async () => {
  const script = [
    "printf 'bad \\377\\376 bytes\\n'",
    "printf 'nul \\0 here\\n'",
    // One character, its bytes at different times.
    "printf 'split \\342'; sleep 0.3; printf '\\234'; sleep 0.3; printf '\\223 done\\n'",
    "printf 'cut \\342\\234\\n'",
    "printf 'four \\360\\237\\224\\245 bytes\\n'",
    "printf 'no end'",
  ].join("\n");
  const snapshot = await built({ setupScript: script });
  expect(snapshot.status).toBe("ready");
  expect(await saidBy(snapshot.id)).toEqual([
    "bad \ufffd\ufffd bytes",
    "nul  here",
    "split ✓ done",
    "cut \ufffd",
    "four 🔥 bytes",
    "no end",
  ]);
});

test("binary output", async () => {
  const snapshot = await built({ setupScript: "head -c 3000000 /dev/urandom; echo; echo end" });
  expect(snapshot.status).toBe("ready");
  expect((await saidBy(snapshot.id)).at(-1)).toBe("end");
});

test("the last line stays the last when both outputs are full of words", async () => {
  const script = "for i in $(seq 1 500); do echo out $i; echo err $i >&2; done; echo end";
  const said = await saidBy((await built({ setupScript: script })).id);
  expect(said.length).toBe(1001);
  for (const which of ["out", "err"]) {
    const numbers = said.filter((text) => text.startsWith(which)).map((text) => Number(text.slice(4)));
    expect(numbers).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  }
});

test("a log that is too long keeps its beginning and its end, and the script isn't held up", async () => {
  const before = worker.peakMemory();
  const { snapshotId } = await publish({
    setupScript: `seq 1 ${110 * 1024} | sed 's/$/ ${"z".repeat(1020)}/'; echo the end`,
  });
  await inStep(snapshotId, "capture");
  const snapshot = await ended(snapshotId);
  expect(snapshot.status).toBe("ready");
  const lines = await storedLines(snapshotId);
  const { cut, bytes } = snapshot.log;
  expect(lines.filter((line) => line.cut)).toMatchObject([{ stream: "system", cut }]);
  // Each line that is left is where it was printed: what is said to be missing is what is missing.
  const printed = lines.filter(({ stream, text }) => stream === "stdout" && text !== "the end");
  const [first] = printed;
  const wrong = printed.find(({ line, text }) => Number.parseInt(text, 10) - 1 !== line - (first?.line ?? 0));
  expect(wrong).toBeUndefined();
  expect(lines.map(({ text }) => text)).toContain("the end");
  expect(lines.at(-1)?.text).toBe("Ready: new sessions can start");
  expect(bytes - (cut?.bytes ?? 0)).toBeGreaterThan(63 * MIB);
  expect(bytes - (cut?.bytes ?? 0)).toBeLessThan(70 * MIB);
  expect(worker.peakMemory() - before).toBeLessThan(ROOM_MIB);
});

test("a million lines cost the script little, and the worker no memory", async () => {
  const before = worker.peakMemory();
  const print = `seq -f "%07.0f ${"-".repeat(91)}" 1 1000000 2>/dev/null || seq 1 1000000 | sed 's/$/ ${"-".repeat(91)}/'`;
  const snapshot = await built({ setupScript: `: a million\n${print}` });
  expect(snapshot.status).toBe("ready");
  expect(snapshot.log.lines).toBeGreaterThan(1_000_000);
  expect(worker.peakMemory() - before).toBeLessThan(100);
});
