import type { ReactNode } from "react";

interface Props {
  name: string;
  /** The value now, in words. */
  now: string;
  /** What it is of, in words. */
  of: string | null;
  /** Oldest first; null where nothing is known. */
  values: ReadonlyArray<number | null>;
  /** The graph's upper edge at least. */
  top: number;
}

const SLOTS = 60;
const HEIGHT = 40;

/** A small graph of the last minutes, with the value now beside its name. */
export function LoadGraph({ name, now, of, values, top }: Props): ReactNode {
  const highest = Math.max(top, ...values.map((value) => value ?? 0)) || 1;
  const bars = values.flatMap((value, index) =>
    value === null
      ? []
      : [{ x: SLOTS - values.length + index, height: Math.max(0.5, (value / highest) * HEIGHT) }],
  );
  return (
    <figure className="flex min-w-0 flex-1 flex-col gap-2 rounded-lg border bg-surface px-4 py-3">
      <figcaption className="flex items-baseline justify-between gap-3 text-sm">
        <span className="text-muted">{name}</span>
        <span className="min-w-0 truncate">
          <span className="font-medium tabular-nums">{now}</span>
          {of ? <span className="text-xs text-muted"> of {of}</span> : null}
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${SLOTS} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-6 w-full sm:h-12"
        aria-hidden="true"
      >
        {bars.map(({ x, height }) => (
          <rect key={x} x={x + 0.1} y={HEIGHT - height} width={0.8} height={height} className="fill-muted" />
        ))}
      </svg>
    </figure>
  );
}
