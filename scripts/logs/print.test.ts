import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { printLog } from "./print";
import { Refused } from "./stream";

const ID = "0193a1b2-0000-7000-8000-0123456789ab";
const at = "2026-11-26T12:00:00.000Z";
const snapshot = (status: SnapshotWire["status"], lines: number): SnapshotWire => ({
  id: ID,
  profileId: ID,
  profile: { slug: "web", name: "Web" },
  version: 1,
  number: 1,
  trigger: "manual",
  mode: "full",
  builtOn: null,
  builtOnId: null,
  attempt: 1,
  status,
  serving: false,
  requestedBy: "Olga",
  queuedAt: at,
  startedAt: at,
  finishedAt: null,
  cancelRequestedAt: null,
  cancelRequestedBy: null,
  cancelEnforcedAt: null,
  waitingReason: null,
  image: null,
  lost: null,
  baseImage: null,
  host: null,
  worker: null,
  failure: null,
  keepOnFailure: false,
  kept: null,
  staleSecrets: [],
  steps: [],
  log: {
    lines,
    bytes: 0,
    truncatedBytes: 0,
    cut: null,
    lastLine: "",
    expiresAt: null,
    expiredAt: null,
  },
});

let server: Server | undefined;
afterEach(() => server?.closeAllConnections() ?? server?.close());

const frame = (event: string, data: unknown, id?: number) =>
  `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
const green = (line: number) => `\x1b[32mline ${line}\x1b[0m`;
const logFrame = (seq: number, textOf: (line: number) => string) =>
  frame(
    "log",
    {
      attempt: 1,
      firstLine: seq * 2 - 1,
      lines: [seq * 2 - 1, seq * 2].map((line) => ({
        line,
        step: "setup",
        stream: "stdout",
        at,
        text: textOf(line),
      })),
    },
    seq,
  );

/** A Kiln whose streams are cut off after each two chunks, in the middle of the third. */
async function cuttingKiln(chunks: number, end: SnapshotWire["status"], textOf = green): Promise<string> {
  const made = createServer((request, response) => {
    if (request.headers.authorization !== "Bearer secret") {
      response.writeHead(401, { "content-type": "application/problem+json" });
      return response.end(JSON.stringify({ detail: "Sign in." }));
    }
    if (!request.url?.endsWith("/log"))
      return response.end(JSON.stringify(snapshot("running", chunks * 2 - 1)));
    const seen = Number(request.headers["last-event-id"] ?? 0);
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (let seq = seen + 1; seq <= Math.min(seen + 2, chunks); seq += 1)
      response.write(logFrame(seq, textOf));
    if (seen + 2 < chunks) {
      response.write(logFrame(seen + 3, textOf).slice(0, 70), () => response.destroy());
      return;
    }
    response.end(frame("status", snapshot(end, chunks * 2)) + frame("end", {}));
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

async function print(url: string, how: { follow: boolean; isTerminal?: boolean; token?: string }) {
  let printed = "";
  const notes: string[] = [];
  const code = await printLog({
    source: { url, token: how.token ?? "secret" },
    snapshotId: ID,
    follow: how.follow,
    output: {
      write: async (text) => {
        printed += text;
      },
      note: (text) => void notes.push(text),
      isTerminal: how.isTerminal ?? false,
    },
    waits: { silentMs: 5_000, firstWaitMs: 1, mostWaitMs: 2, tries: 3 },
  });
  return { printed, notes, code };
}

const numbered = (lines: number, of: (line: number) => string) =>
  Array.from({ length: lines }, (_, index) => `${of(index + 1)}\n`).join("");

it.each([
  ["ready", 0],
  ["failed", 1],
  ["cancelled", 1],
] as const)("follows a build to its end through any number of cuts: %s is %d", async (end, expected) => {
  const { printed, notes, code } = await print(await cuttingKiln(20, end), { follow: true });
  expect(printed).toBe(numbered(40, (line) => `line ${line}`));
  expect(code).toBe(expected);
  expect(notes.length).toBe(9);
});

it("prints what is there without waiting for more, and colours to a terminal only", async () => {
  const { printed, code } = await print(await cuttingKiln(7, "ready"), { follow: false, isTerminal: true });
  expect(printed).toBe(numbered(13, (line) => `\x1b[32mline ${line}\x1b[0m`));
  expect(code).toBe(0);
});

it("obeys nothing of a build's in somebody's terminal but its colours", async () => {
  const hostile = [
    "\x1b]52;c;aGFja2Vk\x07", // The clipboard,
    "\u009d52;c;aGFja2Vk\u009c", // the same in other letters,
    "\u009b2Jgone", // all that stands on the screen,
    "\x1b[>4;2mkeys", // what keys send,
    "user\u202enimda\u202c", // the order of letters,
    "\x1b]8;;file:///etc/passwd\x1b\\this\x1b]8;;\x1b\\ \x1b]8;;https://example.com/x\x1b\\the manual\x1b]8;;\x1b\\",
    "\x1b[1;31mred\x1b[0m\t.",
  ];
  const url = await cuttingKiln(4, "ready", (line) => hostile[line - 1] ?? "end");
  const { printed } = await print(url, { follow: true, isTerminal: true });
  expect(printed.split("\n")).toEqual([
    "",
    "",
    "gone",
    "keys",
    "user<U+202E>nimda<U+202C>",
    "this the manual (https://example.com/x)",
    "\x1b[1;31mred\x1b[0m\t.",
    "end",
    "",
  ]);
  const piped = await print(url, { follow: true });
  expect(piped.printed.split("\n")).toEqual([
    "",
    "",
    "gone",
    "keys",
    "usernimda",
    "this the manual",
    "red\t.",
    "end",
    "",
  ]);
});

it("says what Kiln says when it won't, and doesn't try again", async () => {
  const url = await cuttingKiln(1, "ready");
  await expect(print(url, { follow: true, token: "wrong" })).rejects.toThrow(new Refused("Sign in."));
});
