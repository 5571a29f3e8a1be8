/** A line as lists have it: its beginning, and how much more there is. */
import type { LogLine } from "@/lib/snapshots/wire";

/** UTF-16 units. */
export const SHOWN_CHARS = 16 * 1024;

export function clipped(line: LogLine): LogLine {
  const { text } = line;
  if (text.length <= SHOWN_CHARS) return line;
  const last = text.charCodeAt(SHOWN_CHARS - 1);
  // Not between the two halves of a character.
  const shown = text.slice(0, last >= 0xd800 && last <= 0xdbff ? SHOWN_CHARS - 1 : SHOWN_CHARS);
  return { ...line, text: shown, more: Buffer.byteLength(text) - Buffer.byteLength(shown) };
}
