/** A session's files: read, written and deleted by commands in its sandbox, byte for byte and at the pace of both sides. */
import { setTimeout as sleep } from "node:timers/promises";
import { countPieces, giveInput } from "@/lib/commands/output.server";
import { awaitAnswer, requestCommand, runCommand } from "@/lib/commands/run.server";
import { type RawFrame, rawFrames } from "@/lib/commands/stream.server";
import { AppError } from "@/lib/errors";
import type { Actor } from "@/lib/users/roles";
import { placeOf } from "./exec.server";
import {
  codes,
  deleteProgram,
  readProgram,
  refusalWords,
  unpackProgram,
  writeProgram,
} from "./file-programs";

const SECONDS = 3_600;
const DELETE_SECONDS = 120;

/** One that begins with a hyphen would be an option. */
export const shell = (program: string, path: string, ...rest: string[]) => [
  ...["/bin/sh", "-c", program, "kiln"],
  path.startsWith("/") ? path : `./${path}`,
  ...rest,
];

export function refused(exitCode: number, said: string, path: string): AppError {
  const { status, message } = refusalWords(exitCode, path);
  const known = Object.values(codes).some((code) => code === exitCode);
  const why = said.trim().slice(0, 300);
  return new AppError(status, "file_refused", known || why === "" ? message : `${message} ${why}`);
}

export interface OpenFile {
  kind: "file" | "folder";
  /** Of a file; a tar's isn't known beforehand. */
  bytes: number | null;
  content: AsyncGenerator<Uint8Array, void, void>;
}

/** @param path absolute, or from the session's working folder @throws AppError 404, 403, 409 with the reason. */
export async function readFile(
  actor: Actor,
  sessionId: string,
  path: string,
  signal: AbortSignal,
): Promise<OpenFile> {
  const place = await placeOf(sessionId);
  const request = { command: shell(readProgram, path), timeoutSeconds: SECONDS };
  const frames = rawFrames(await requestCommand(actor, place, request, { streamed: true }), request, signal);
  try {
    const { head, rest } = await firstLine(frames, path);
    const bytes = /^f (\d+)$/.exec(head.trim())?.[1];
    return {
      kind: bytes === undefined ? "folder" : "file",
      bytes: bytes === undefined ? null : Number(bytes),
      content: contentOf(rest, frames, path),
    };
  } catch (error) {
    await frames.return();
    throw error;
  }
}

const LINE_END = 0x0a;

async function firstLine(
  frames: AsyncGenerator<RawFrame, void, void>,
  path: string,
): Promise<{ head: string; rest: Uint8Array }> {
  let held = Buffer.alloc(0);
  let said = "";
  for (let frame = await frames.next(); !frame.done; frame = await frames.next()) {
    const { value } = frame;
    if (!("data" in value)) throw endOf(value, said, path);
    if (value.stream === "stderr") {
      said += Buffer.from(value.data).toString();
      continue;
    }
    held = Buffer.concat([held, value.data]);
    const end = held.indexOf(LINE_END);
    if (end >= 0) return { head: held.subarray(0, end).toString(), rest: held.subarray(end + 1) };
  }
  throw new AppError(503, "cut_off", "The session's worker was lost while it read. Try again.");
}

async function* contentOf(
  first: Uint8Array,
  frames: AsyncGenerator<RawFrame, void, void>,
  path: string,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    if (first.length > 0) yield first;
    let said = "";
    for await (const frame of frames) {
      if ("data" in frame) {
        if (frame.stream === "stdout") yield frame.data;
        else said = (said + Buffer.from(frame.data).toString()).slice(-1_000);
      } else if (!("exitCode" in frame) || frame.exitCode !== 0 || frame.truncated)
        // The answer is cut off by it: whoever saves it sees that it isn't whole.
        throw endOf(frame, said, path);
    }
  } finally {
    // Its reader may leave before any of them was asked for here.
    await frames.return();
  }
}

function endOf(end: Exclude<RawFrame, { data: Uint8Array }>, said: string, path: string): AppError {
  if ("error" in end) return new AppError(422, end.error.code, end.error.message);
  return refused(end.exitCode, said, path);
}

/** So many pieces wait for the worker; then whoever sends does. */
const MOST_WAITING = 16;
const PIECE_BYTES = 256 * 1024;
const LOOK_MS = 20;
const TAKER_MS = 60_000;

/**
 * Writes a file, or unpacks a tar into a folder. A file is put in place when all of it has come.
 * @param bytes how many `content` has @throws AppError 403, 409, 422 with the reason.
 */
export async function writeFile(
  actor: Actor,
  sessionId: string,
  { path, bytes, tar }: { path: string; bytes: number; tar: boolean },
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const place = await placeOf(sessionId);
  const request = {
    command: shell(tar ? unpackProgram : writeProgram, path, String(bytes)),
    timeoutSeconds: SECONDS,
  };
  const commandId = await requestCommand(actor, place, request, { inputBytes: bytes });
  const running = awaitAnswer(commandId, request);
  const [answer] = await Promise.all([running, give(commandId, content, running)]);
  if (answer.exitCode !== 0) throw refused(answer.exitCode, answer.stderr, path);
}

/** Ends early when the command does. */
async function give(
  commandId: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  running: Promise<unknown>,
): Promise<void> {
  let ended = false;
  const over = () => {
    ended = true;
  };
  void running.then(over, over);
  let seq = 0;
  for await (const chunk of content)
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      if (seq % MOST_WAITING === 0 && seq > 0) await roomFor(commandId, () => ended);
      if (ended) return;
      if (!(await giveInput(commandId, seq, chunk.subarray(at, at + PIECE_BYTES)))) return;
      seq += 1;
    }
}

async function roomFor(commandId: string, isOver: () => boolean): Promise<void> {
  const until = Date.now() + TAKER_MS;
  while (!isOver() && (await countPieces(commandId, true)) >= MOST_WAITING) {
    if (Date.now() > until)
      throw new AppError(504, "exec_timed_out", "The session's worker takes nothing more. Try again.");
    await sleep(LOOK_MS);
  }
}

/** Deletes a file, or a folder with all that is in it. @throws AppError 404, 403. */
export async function deleteFile(actor: Actor, sessionId: string, path: string): Promise<void> {
  const place = await placeOf(sessionId);
  const request = { command: shell(deleteProgram, path), timeoutSeconds: DELETE_SECONDS };
  const { exitCode, stderr } = await runCommand(actor, place, request);
  if (exitCode !== 0) throw refused(exitCode, stderr, path);
}
