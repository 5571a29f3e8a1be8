/**
 * How a chunk's lines are kept: one row of text a line, `<stream><milliseconds since the chunk's time, base 36> <text>`,
 * joined by line feeds. Numbers and step are the chunk's own, so a line costs three to six bytes over its text.
 */
import type { LogLine } from "@/lib/snapshots/wire";

export type LogStream = LogLine["stream"];

export interface ChunkLine {
  stream: LogStream;
  /** Milliseconds since the epoch. */
  at: number;
  /** Without a line end. */
  text: string;
}

const letters: Record<LogStream, string> = { stdout: "o", stderr: "e", system: "s" };
const streams = new Map<string, LogStream>([
  ["o", "stdout"],
  ["e", "stderr"],
  ["s", "system"],
]);

/** @param at the chunk's time; the lines' times are kept relative to it. */
export function encodeLines(lines: readonly ChunkLine[], at: number): Uint8Array<ArrayBuffer> {
  const rows = lines.map(
    ({ stream, at: time, text }) =>
      // A line feed would make two rows of one line, and the numbers of all that follow wrong.
      `${letters[stream]}${Math.max(0, Math.round(time - at)).toString(36)} ${text.replaceAll("\n", " ")}`,
  );
  return new TextEncoder().encode(rows.join("\n"));
}

export interface StoredChunk {
  firstLine: number;
  step: string;
  at: Date;
  data: Uint8Array;
}

export function decodeLines(chunk: StoredChunk): LogLine[] {
  if (chunk.data.length === 0) return [];
  const start = chunk.at.getTime();
  return new TextDecoder()
    .decode(chunk.data)
    .split("\n")
    .map((row, index) => {
      const space = row.indexOf(" ");
      return {
        line: chunk.firstLine + index,
        step: chunk.step,
        stream: streams.get(row.slice(0, 1)) ?? "system",
        at: new Date(start + Number.parseInt(row.slice(1, space), 36)).toISOString(),
        text: row.slice(space + 1),
      };
    });
}
