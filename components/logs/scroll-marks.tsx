import { memo } from "react";
import { cn } from "@/components/cn";
import { isTrouble, type Mark } from "@/lib/logs/marks";
import type { LineRange } from "./line-range";
import type { Rows } from "./rows";

/** So many places along the scrollbar can be told apart, and so many hits are looked at. */
const PLACES = 200;
const LOOKED_AT = 4_000;

interface ScrollMarksProps {
  rows: Rows;
  marks: readonly Mark[];
  found: ArrayLike<number>;
  range: LineRange | null;
}

const kinds = {
  hit: "right-0 bg-accent",
  error: "right-1 bg-failed",
  chosen: "right-0 bg-ink",
} as const;

/** Beside the scrollbar: where the hits of a search are, the errors and the lines that the address names. */
export const ScrollMarks = memo(function ScrollMarks({ rows, marks, found, range }: ScrollMarksProps) {
  const placeOf = (line: number): number | null => {
    const row = rows.ofLine(line);
    return row === null ? null : Math.floor((rows.topOf(row) / Math.max(1, rows.height)) * PLACES);
  };
  const hits = new Set<number | null>();
  const pace = Math.max(1, Math.floor(found.length / LOOKED_AT));
  for (let index = 0; index < found.length; index += pace) hits.add(placeOf(found[index] ?? 0));
  const errors = new Set(marks.filter(isTrouble).map(({ line }) => placeOf(line)));
  const shown = [
    ...[...errors].map((place) => ({ kind: "error" as const, place })),
    ...[...hits].map((place) => ({ kind: "hit" as const, place })),
    ...(range ? [{ kind: "chosen" as const, place: placeOf(range.from) }] : []),
  ];
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute top-0 right-0 z-3 h-full w-3"
      // Of a log that fits, each mark stands beside its line.
      style={{ maxHeight: rows.height }}
    >
      {shown.map(({ kind, place }) =>
        place === null ? null : (
          <span
            key={`${kind} ${place}`}
            data-mark={kind}
            className={cn("absolute h-0.5 w-2", kinds[kind])}
            style={{ top: `${(place / PLACES) * 100}%` }}
          />
        ),
      )}
    </div>
  );
});
