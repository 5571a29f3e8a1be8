/** The lines that an address points at: `#L120`, `#L120-L140`. */

export interface LineRange {
  from: number;
  to: number;
}

export function parseRange(hash: string): LineRange | null {
  const match = /^#L(\d{1,9})(?:-L?(\d{1,9}))?$/.exec(hash);
  if (!match) return null;
  const first = Number(match[1]);
  const second = Number(match[2] ?? match[1]);
  return first < 1 || second < 1 ? null : { from: Math.min(first, second), to: Math.max(first, second) };
}

/** What a person types: `120`, `1,200 - 1,300`, `#L120-L140`. */
export function parseTyped(text: string): LineRange | null {
  return parseRange(`#L${text.replace(/[\s,#L]/gi, "").replace(/[–…:]|\.\.+/, "-")}`);
}

export function formatRange({ from, to }: LineRange): string {
  return from === to ? `#L${from}` : `#L${from}-L${to}`;
}

/** The range that a click on a line's number makes: with shift it reaches from the old one's start. */
export function extendRange(current: LineRange | null, line: number, shift: boolean): LineRange {
  if (!shift || !current) return { from: line, to: line };
  return line < current.from ? { from: line, to: current.to } : { from: current.from, to: line };
}
