/** The lines that differ between two texts: Myers' greedy algorithm, bounded, with what is around each change. */

export interface DiffLine {
  kind: "same" | "added" | "deleted";
  text: string;
}
/** Lines that are the same and not near a change, left out. */
export interface Gap {
  kind: "gap";
  lines: number;
}

/** Beyond this many changes the middle is shown as replaced: nobody reads such a diff line by line. */
const MAX_CHANGES = 2000;

const linesOf = (text: string) => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

export function diffLines(before: string, after: string): DiffLine[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail += 1;
  const same = (lines: string[]) => lines.map((text): DiffLine => ({ kind: "same", text }));
  return [
    ...same(a.slice(0, head)),
    ...diffMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...same(a.slice(a.length - tail)),
  ];
}

function diffMiddle(a: string[], b: string[]): DiffLine[] {
  const trace = a.length && b.length ? search(a, b) : null;
  if (trace) return walk(trace, a, b);
  return [
    ...a.map((text): DiffLine => ({ kind: "deleted", text })),
    ...b.map((text): DiffLine => ({ kind: "added", text })),
  ];
}

/** Came down (a line of `b` added) rather than from the left (a line of `a` deleted)? */
const cameDown = (furthest: Map<number, number>, k: number, d: number) =>
  k === -d || (k !== d && (furthest.get(k - 1) ?? 0) < (furthest.get(k + 1) ?? 0));

/** The furthest points on each diagonal, for each number of changes; null when there are too many. */
function search(a: string[], b: string[]): Array<Map<number, number>> | null {
  const trace: Array<Map<number, number>> = [];
  const furthest = new Map([[1, 0]]);
  for (let d = 0; d <= Math.min(a.length + b.length, MAX_CHANGES); d += 1) {
    trace.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      let x = cameDown(furthest, k, d) ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return trace;
    }
  }
  return null;
}

function walk(trace: Array<Map<number, number>>, a: string[], b: string[]): DiffLine[] {
  const lines: DiffLine[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const furthest = trace[d] ?? new Map<number, number>();
    const k = x - y;
    const down = cameDown(furthest, k, d);
    const fromK = down ? k + 1 : k - 1;
    const fromX = furthest.get(fromK) ?? 0;
    const fromY = fromX - fromK;
    while (x > Math.max(fromX, 0) && y > Math.max(fromY, 0)) {
      x -= 1;
      y -= 1;
      lines.push({ kind: "same", text: a[x] ?? "" });
    }
    if (d > 0)
      lines.push(down ? { kind: "added", text: b[fromY] ?? "" } : { kind: "deleted", text: a[fromX] ?? "" });
    x = fromX;
    y = fromY;
  }
  return lines.reverse();
}

/** Keeps `around` lines of what is the same on each side of a change, and says how many it left out. */
export function fold(lines: readonly DiffLine[], around = 3): Array<DiffLine | Gap> {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== "same"),
  );
  const folded: Array<DiffLine | Gap> = [];
  lines.forEach((line, index) => {
    const last = folded.at(-1);
    if (near[index]) folded.push(line);
    else if (last?.kind === "gap") last.lines += 1;
    else folded.push({ kind: "gap", lines: 1 });
  });
  return folded;
}
