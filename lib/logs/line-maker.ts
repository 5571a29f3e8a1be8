/**
 * Bytes of one output stream in, whole lines out. UTF-8 may be split anywhere; invalid bytes become U+FFFD;
 * a line has an upper bound, so that a stream without line ends can't fill the memory. Lines stay bytes, and many
 * of them one piece: what a script prints fast is only looked at, not taken apart.
 */
import { isUtf8 } from "node:buffer";
import { settleLine } from "./terminal-line";

/** A longer line is cut into several. UTF-16 units. */
export const MAX_LINE_CHARS = 256 * 1024;
/** A line that is rewritten for ever is settled whenever it has become longer than this. */
const REWRITTEN_BYTES = 16 * 1024;
const LF = 10;
const CR = 13;
/** What a terminal acts on: NUL, bell, backspace, carriage return, escape. */
const EDITING = [0, 7, 8, CR, 27];

export interface Lines {
  count: number;
  /** UTF-8; each line is ended by a line feed. */
  bytes: Uint8Array;
}

const NONE: Lines = { count: 0, bytes: new Uint8Array() };

export class LineMaker {
  private rest: Buffer[] = [];
  private restBytes = 0;

  /** @returns the lines that this piece completes, as they look on a terminal at their end. */
  push(data: Uint8Array): Lines[] {
    const last = data.lastIndexOf(LF);
    const lines: Lines[] = [];
    if (last >= 0) {
      // Only the line that a border goes through is put together; the others stay where they are.
      const first = this.restBytes === 0 ? 0 : data.indexOf(LF) + 1;
      if (first > 0) lines.push(settle(this.takeRest(data.subarray(0, first))));
      if (first <= last) lines.push(settle(asBuffer(data.subarray(first, last + 1))));
    }
    if (last + 1 < data.length) this.keep(data.subarray(last + 1));
    if (this.restBytes > MAX_LINE_CHARS || (this.restBytes > REWRITTEN_BYTES && data.includes(CR)))
      lines.push(this.shrink());
    return lines;
  }

  /** The end of the stream: what is left is a line, too. */
  end(): Lines[] {
    return this.restBytes === 0 ? [] : [settle(this.takeRest(Uint8Array.of(LF)))];
  }

  get isOpen(): boolean {
    return this.restBytes > 0;
  }

  /** The line that isn't complete, as it looks now. */
  open(): string {
    if (this.restBytes === 0) return "";
    const whole = Buffer.concat(this.rest);
    return settleLine(decode(whole.subarray(0, completeUntil(whole))));
  }

  /** A copy: the piece may be a small part of a large buffer. */
  private keep(data: Uint8Array): void {
    this.rest.push(Buffer.from(data));
    this.restBytes += data.length;
  }

  private takeRest(end: Uint8Array): Buffer {
    const whole = Buffer.concat([...this.rest, end]);
    this.rest = [];
    this.restBytes = 0;
    return whole;
  }

  /** A progress bar that rewrites its line for ever is settled so far; anything else is cut. */
  private shrink(): Lines {
    const whole = this.takeRest(new Uint8Array());
    const until = completeUntil(whole);
    let text = decode(whole.subarray(0, until));
    const back = text.lastIndexOf("\r");
    if (back > 0) text = `${settleLine(text.slice(0, back))}\r${text.slice(back + 1)}`;
    const pieces = text.length > MAX_LINE_CHARS ? settleAndCut(text) : [text];
    this.keep(Buffer.from(pieces.pop() ?? ""));
    if (until < whole.length) this.keep(whole.subarray(until));
    return encode(pieces);
  }
}

/** @param block lines, each ended by a line feed */
function settle(block: Buffer): Lines {
  const { count, longest } = measure(block);
  if (longest <= MAX_LINE_CHARS && isUtf8(block) && !EDITING.some((byte) => block.includes(byte)))
    return { count, bytes: block };
  return encode(decode(block.subarray(0, -1)).split("\n").flatMap(settleAndCut));
}

function measure(block: Buffer): { count: number; longest: number } {
  let count = 0;
  let longest = 0;
  for (let from = 0, end = block.indexOf(LF); end >= 0; end = block.indexOf(LF, from)) {
    count += 1;
    if (end - from > longest) longest = end - from;
    from = end + 1;
  }
  return { count, longest };
}

const asBuffer = (data: Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

const decode = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

function encode(lines: readonly string[]): Lines {
  return lines.length === 0 ? NONE : { count: lines.length, bytes: Buffer.from(`${lines.join("\n")}\n`) };
}

/** Where the last character begins that may not be complete yet. */
function completeUntil(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0)
      return byte >= (back >= 3 ? 0xf0 : back >= 2 ? 0xe0 : 0xc0) ? bytes.length - back : bytes.length;
  }
  return bytes.length;
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
