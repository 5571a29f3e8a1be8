/** Select Graphic Rendition: what the numbers of an `ESC [ … m` sequence do to a style. */

export type Color =
  /** One of the 16 that the theme defines. */
  { kind: "palette"; index: number } | { kind: "rgb"; red: number; green: number; blue: number };

export interface Style {
  foreground: Color | null;
  background: Color | null;
  bold: boolean;
  faint: boolean;
  italic: boolean;
  underline: boolean;
  strike: boolean;
  inverse: boolean;
}

const plain: Style = {
  foreground: null,
  background: null,
  bold: false,
  faint: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

/** Conceal (8) is left out on purpose: a log hides nothing. Blink (5, 6) is left out for everybody's sake. */
const switches = new Map<number, Partial<Style>>([
  [1, { bold: true }],
  [2, { faint: true }],
  [3, { italic: true }],
  [4, { underline: true }],
  [7, { inverse: true }],
  [9, { strike: true }],
  [21, { underline: true }],
  [22, { bold: false, faint: false }],
  [23, { italic: false }],
  [24, { underline: false }],
  [27, { inverse: false }],
  [29, { strike: false }],
  [39, { foreground: null }],
  [49, { background: null }],
]);

const cubeLevels = [0, 95, 135, 175, 215, 255] as const;
const level = (step: number) => cubeLevels[step % 6] ?? 0;
const isByte = (value: number | undefined): value is number =>
  value !== undefined && value >= 0 && value <= 255;

/** A colour of the 256-colour palette. */
function indexed(index: number): Color {
  if (index < 16) return { kind: "palette", index };
  if (index >= 232) {
    const gray = 8 + (index - 232) * 10;
    return { kind: "rgb", red: gray, green: gray, blue: gray };
  }
  const cube = index - 16;
  return {
    kind: "rgb",
    red: level(Math.floor(cube / 36)),
    green: level(Math.floor(cube / 6)),
    blue: level(cube),
  };
}

/** `5;n` and `2;r;g;b` after a 38 or 48; how many numbers they took, and the colour unless it is nonsense. */
function extended(rest: number[]): { color: Color | null; used: number } {
  const [mode, first, second, third] = rest;
  if (mode === 5) return { color: isByte(first) ? indexed(first) : null, used: 2 };
  if (mode === 2) {
    const known = isByte(first) && isByte(second) && isByte(third);
    return { color: known ? { kind: "rgb", red: first, green: second, blue: third } : null, used: 4 };
  }
  return { color: null, used: 1 };
}

/** The form with colons, `38:2::r:g:b` or `38:5:n`: one parameter that is whole in itself. */
function withColons(style: Style, parameter: string): Style {
  const [code, mode, ...parts] = parameter
    .split(":")
    .map((part) => (part === "" ? Number.NaN : Number(part)));
  if (code === 4) return { ...style, underline: mode !== 0 };
  if (code !== 38 && code !== 48) return style;
  const { color } = extended([mode ?? 0, ...(mode === 2 ? parts.slice(-3) : parts)]);
  if (!color) return style;
  return code === 38 ? { ...style, foreground: color } : { ...style, background: color };
}

/** The style after `ESC [ parameters m`; null is the plain one. */
export function applySgr(before: Style | null, parameters: string): Style | null {
  let style = before ?? plain;
  const queue = parameters === "" ? ["0"] : parameters.split(";");
  for (let position = 0; position < queue.length; position += 1) {
    const parameter = queue[position] ?? "";
    if (parameter.includes(":")) {
      style = withColons(style, parameter);
      continue;
    }
    const code = Number(parameter);
    const change = switches.get(code);
    if (code === 0) style = plain;
    else if (change) style = { ...style, ...change };
    else if (code >= 30 && code <= 37) style = { ...style, foreground: indexed(code - 30) };
    else if (code >= 90 && code <= 97) style = { ...style, foreground: indexed(code - 82) };
    else if (code >= 40 && code <= 47) style = { ...style, background: indexed(code - 40) };
    else if (code >= 100 && code <= 107) style = { ...style, background: indexed(code - 92) };
    else if (code === 38 || code === 48) {
      const { color, used } = extended(queue.slice(position + 1).map(Number));
      position += used;
      if (color) style = code === 38 ? { ...style, foreground: color } : { ...style, background: color };
    }
  }
  return isPlain(style) ? null : style;
}

function isPlain(style: Style): boolean {
  return Object.values(style).every((value) => value === null || value === false);
}
