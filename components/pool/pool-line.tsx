import { Flame } from "lucide-react";
import type { PoolWire } from "@/lib/pool/wire";
import { poolWords } from "@/lib/pool/words";

/** One line: how many sandboxes wait for the next sessions. Nothing where none is wanted. */
export function PoolLine({ pool }: { pool: PoolWire }) {
  if (pool.size === 0) return null;
  return (
    <p className="flex items-start gap-1.5 text-sm text-muted">
      <Flame className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <span>
        <span className="font-medium text-ink tabular-nums">{poolWords(pool)}</span>
        {pool.ready > 0 ? ": the next session runs at once." : "."} {pool.note}
      </span>
    </p>
  );
}
