/** Prints a log to a terminal or a pipe. */
import { formatCount, formatSize } from "@/lib/format";
import { cleanText, terminalText } from "@/lib/logs/ansi";
import { isTerminal } from "@/lib/snapshots/state";
import { type LogLine, type SnapshotWire, snapshotSchema } from "@/lib/snapshots/wire";
import { ask, type Source, streamLog } from "./stream";

export interface Output {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
  /** For whoever watches, not part of the log. */
  note(text: string): void;
  /** Colours are shown, and a line can be replaced. */
  isTerminal: boolean;
}

export interface Printing {
  source: Source;
  snapshotId: string;
  /** To the end of a build that runs, and not only what is there. */
  follow: boolean;
  output: Output;
  waits?: Parameters<typeof streamLog>[2];
}

/** @returns the exit code: 0 for a snapshot that is ready or hasn't ended, 1 for one that failed or was cancelled. */
export async function printLog({ source, snapshotId, follow, output, waits }: Printing): Promise<0 | 1> {
  let snapshot = snapshotSchema.parse(
    await (await ask(source, `/snapshots/${snapshotId}`, { accept: "application/json" })).json(),
  );
  const until = follow ? Number.POSITIVE_INFINITY : snapshot.log.lines;
  let printed = 0;
  let hasTail = false;
  const clearTail = async () => {
    if (hasTail) await output.write("\r\x1b[K");
    hasTail = false;
  };
  if (until > 0)
    for await (const piece of streamLog(source, snapshotId, waits)) {
      if (piece.type === "status") snapshot = piece.snapshot;
      else if (piece.type === "again") output.note(`Connecting again: ${piece.why}`);
      else if (piece.type === "tail" && output.isTerminal) {
        await clearTail();
        await output.write(terminalText(piece.tail.text));
        hasTail = piece.tail.text !== "";
      } else if (piece.type === "cut") {
        await clearTail();
        const lines = formatCount(piece.cut.to - piece.cut.from + 1, "line");
        output.note(`${lines} (${formatSize(piece.cut.bytes)}) are missing here: the log was too long.`);
      } else if (piece.type === "lines") {
        await clearTail();
        const lines = piece.lines.filter(({ line }) => line > printed && line <= until);
        const texts = await Promise.all(lines.map((line) => wholeText(source, snapshotId, line)));
        const shown = texts.map(output.isTerminal ? terminalText : cleanText);
        if (shown.length > 0) await output.write(`${shown.join("\n")}\n`);
        printed = piece.lines.at(-1)?.line ?? printed;
        if (printed >= until) break;
      }
    }
  await clearTail();
  return exitCode(snapshot);
}

async function wholeText(source: Source, snapshotId: string, { line, text, more }: LogLine): Promise<string> {
  if (!more) return text;
  const answer = await ask(source, `/snapshots/${snapshotId}/log?line=${line}`, { accept: "text/plain" });
  return (await answer.text()).replace(/\n$/, "");
}

function exitCode({ status }: SnapshotWire): 0 | 1 {
  return isTerminal(status) && status !== "ready" && status !== "removed" ? 1 : 0;
}
