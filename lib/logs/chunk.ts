/**
 * How a chunk's lines are kept: runs of lines that came together, each a heading `<stream><milliseconds since the
 * chunk's time, base 36> <count>` and then its lines, all ended by a line feed. Bytes go in and out as they are, so a
 * line costs nothing over its text where a script prints fast. Chunks of some size are compressed here and not by
 * the database, which is slower at it, and then has a quarter to take and to write.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { LogLine } from "@/lib/snapshots/wire";

export type LogStream = LogLine["stream"];

export interface ChunkLine {
  stream: LogStream;
  /** Milliseconds since the epoch. */
  at: number;
  /** Without a line end. */
  text: string;
}

/** Lines of one stream that came at one time. */
export interface Run {
  stream: LogStream;
  at: number;
  count: number;
  /** UTF-8; each line is ended by a line feed. */
  bytes: Uint8Array;
}

/** What a chunk is, but for its place in the log. */
export interface Packed {
  /** Milliseconds since the epoch; the runs' times are kept relative to it. */
  at: number;
  count: number;
  stdoutLines: number;
  stderrLines: number;
  /** Of its text, with line ends. */
  bytes: number;
  lastLine: string;
  data: Uint8Array<ArrayBuffer>;
}

const letters: Record<LogStream, string> = { stdout: "O", stderr: "E", system: "S" };
const streams = new Map<string, LogStream>([
  ["o", "stdout"],
  ["e", "stderr"],
  ["s", "system"],
]);
const LF = 10;
const NOTHING = new Uint8Array();
const LAST_LINE_CHARS = 300;
/** Smaller ones aren't worth it. */
const COMPRESSED_BYTES = 2048;
const ZSTD_MAGIC = 0xfd2fb528;
const params = { [constants.ZSTD_c_compressionLevel]: 1 };

export function packRuns(runs: readonly Run[]): Packed {
  const at = runs[0]?.at ?? Date.now();
  const pieces: Uint8Array[] = [];
  const lines = { stdout: 0, stderr: 0, system: 0 };
  let bytes = 0;
  for (let index = 0; index < runs.length; ) {
    const heading = pieces.push(NOTHING) - 1;
    const { stream, at: time } = runs[index] ?? { stream: "system", at };
    let count = 0;
    // What came in pieces at one time is one run.
    for (let run = runs[index]; run?.stream === stream && run.at === time; run = runs[index]) {
      pieces.push(run.bytes);
      count += run.count;
      bytes += run.bytes.length;
      index += 1;
    }
    lines[stream] += count;
    const since = Math.max(0, Math.round(time - at)).toString(36);
    pieces[heading] = new TextEncoder().encode(`${letters[stream]}${since} ${count}\n`);
  }
  return {
    at,
    count: lines.stdout + lines.stderr + lines.system,
    stdoutLines: lines.stdout,
    stderrLines: lines.stderr,
    bytes,
    lastLine: lastLineOf(runs.at(-1)?.bytes),
    data: compress(pieces),
  };
}

export function packLines(lines: readonly ChunkLine[]): Packed {
  return packRuns(lines.map(toRun));
}

/** A line feed would make two of one line, and the numbers of all that follow wrong. */
export function toRun({ stream, at, text }: ChunkLine): Run {
  return { stream, at, count: 1, bytes: new TextEncoder().encode(`${text.replaceAll("\n", " ")}\n`) };
}

/** Always the same memory for what is compressed, which is over when the call is: much goes through it. */
let scratch = new Uint8Array(512 * 1024);

function compress(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (scratch.length < length) scratch = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    scratch.set(piece, at);
    at += piece.length;
  }
  const plain = scratch.subarray(0, length);
  if (length < COMPRESSED_BYTES) return plain.slice();
  const small = zstdCompressSync(plain, { params, pledgedSrcSize: length });
  return small.length < length ? new Uint8Array(small) : plain.slice();
}

/** A chunk's runs as they were before they were compressed. */
export function plainData(data: Uint8Array): Uint8Array {
  const isCompressed =
    data.length >= 4 && new DataView(data.buffer, data.byteOffset).getUint32(0, true) === ZSTD_MAGIC;
  return isCompressed ? zstdDecompressSync(data) : data;
}

/** A text column takes no NUL, and half a surrogate pair is no text. */
function lastLineOf(bytes: Uint8Array = new Uint8Array()): string {
  const start = bytes.lastIndexOf(LF, bytes.length - 2) + 1;
  const text = new TextDecoder().decode(bytes.subarray(start, Math.min(bytes.length - 1, start + 2048)));
  return text.replaceAll("\0", "").slice(0, LAST_LINE_CHARS).toWellFormed();
}

export interface StoredChunk {
  firstLine: number;
  step: string;
  at: Date;
  data: Uint8Array;
}

export function decodeLines(chunk: StoredChunk): LogLine[] {
  const { firstLine, step } = chunk;
  const data = plainData(chunk.data);
  if (data.length === 0) return [];
  const start = chunk.at.getTime();
  const timeAt = (since: string) => new Date(start + Number.parseInt(since, 36)).toISOString();
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(data);
  const lines: LogLine[] = [];
  const add = (stream: LogStream, at: string, line: string) =>
    lines.push({ line: firstLine + lines.length, step, stream, at, text: line });
  if (isOfRows(data)) {
    for (const row of text.split("\n")) {
      const space = row.indexOf(" ");
      add(streamOf(row), timeAt(row.slice(1, space)), row.slice(space + 1));
    }
    return lines;
  }
  for (let from = 0; from < text.length; ) {
    const headEnd = text.indexOf("\n", from);
    const heading = text.slice(from, headEnd);
    const space = heading.indexOf(" ");
    const stream = streamOf(heading);
    const at = timeAt(heading.slice(1, space));
    from = headEnd + 1;
    for (let left = Number(heading.slice(space + 1)); left > 0; left -= 1) {
      const end = text.indexOf("\n", from);
      add(stream, at, text.slice(from, end));
      from = end + 1;
    }
  }
  return lines;
}

const streamOf = (heading: string) => streams.get(heading.slice(0, 1).toLowerCase()) ?? "system";

/** Earlier releases kept a row a line, `<stream><time> <text>`, with small letters. */
function isOfRows(data: Uint8Array): boolean {
  return (data[0] ?? 0) >= 0x61;
}
