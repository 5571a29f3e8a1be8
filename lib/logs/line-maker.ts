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
    if (this.rest !== "") lines.push(settleLine(this.rest));
    this.rest = "";
    return lines;
  }

  private take(text: string): string[] {
    const parts = (this.rest + text).split("\n");
    this.rest = parts.pop() ?? "";
    const lines = parts.flatMap((part) => cut(part).map(settleLine));
    if (this.rest.length > MAX_LINE_CHARS) this.shrink(lines);
    return lines;
  }

  /** A progress bar that rewrites its line for ever is settled so far; anything else is cut. */
  private shrink(lines: string[]): void {
    const back = this.rest.lastIndexOf("\r");
    if (back > 0) this.rest = `${settleLine(this.rest.slice(0, back))}\r${this.rest.slice(back + 1)}`;
    if (this.rest.length <= MAX_LINE_CHARS) return;
    const pieces = cut(this.rest);
    this.rest = pieces.pop() ?? "";
    lines.push(...pieces.map(settleLine));
  }
}

/** Never between the two halves of a surrogate pair. */
function cut(line: string): string[] {
  if (line.length <= MAX_LINE_CHARS) return [line];
  const settled = settleLine(line);
  const pieces: string[] = [];
  for (let start = 0; start < settled.length; ) {
    let end = Math.min(start + MAX_LINE_CHARS, settled.length);
    const last = settled.charCodeAt(end - 1);
    if (end < settled.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    pieces.push(settled.slice(start, end));
    start = end;
  }
  return pieces.length > 0 ? pieces : [""];
}
