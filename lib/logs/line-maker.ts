/**
 * Bytes of one output stream in, whole lines out. UTF-8 may be split anywhere; invalid bytes become U+FFFD;
 * a line has an upper bound, so that a stream without line ends can't fill the memory.
 */
import { settleLine } from "./terminal-line";

/** A longer line is cut into several. UTF-16 units. */
export const MAX_LINE_CHARS = 16 * 1024;

export class LineMaker {
  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  private rest = "";

  /** @returns the lines that this piece completes, as they look on a terminal at their end. */
  push(data: Uint8Array): string[] {
    return this.take(this.decoder.decode(data, { stream: true }));
  }

  /** The end of the stream: what is left is a line, too. */
  end(): string[] {
    const lines = this.take(this.decoder.decode());
    if (this.rest !== "") lines.push(...settleAndCut(this.rest));
    this.rest = "";
    return lines;
  }

  private take(text: string): string[] {
    const parts = (this.rest + text).split("\n");
    this.rest = parts.pop() ?? "";
    const lines = parts.flatMap(settleAndCut);
    if (this.rest.length > MAX_LINE_CHARS) this.shrink(lines);
    return lines;
  }

  /** A progress bar that rewrites its line for ever is settled so far; anything else is cut. */
  private shrink(lines: string[]): void {
    const back = this.rest.lastIndexOf("\r");
    if (back > 0) this.rest = `${settleLine(this.rest.slice(0, back))}\r${this.rest.slice(back + 1)}`;
    if (this.rest.length <= MAX_LINE_CHARS) return;
    const pieces = settleAndCut(this.rest);
    this.rest = pieces.pop() ?? "";
    lines.push(...pieces);
  }
}

/** Settled first: colours can make a line longer than what it came from. Never cuts between the two halves of a surrogate pair. */
function settleAndCut(raw: string): string[] {
  const line = settleLine(raw);
  if (line.length <= MAX_LINE_CHARS) return [line];
  const pieces: string[] = [];
  for (let start = 0; start < line.length; ) {
    let end = Math.min(start + MAX_LINE_CHARS, line.length);
    const last = line.charCodeAt(end - 1);
    if (end < line.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    pieces.push(line.slice(start, end));
    start = end;
  }
  return pieces;
}
