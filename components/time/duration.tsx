"use client";

import { formatDuration } from "@/lib/format";
import { useNow } from "./now";

/** How long it took from `from` to `to`; without `to` it still runs, and counts. */
export function Duration({ from, to, className }: { from: string; to?: string | null; className?: string }) {
  const live = !to;
  const now = useNow(live);
  const end = to ? Date.parse(to) : now;
  return <span className={className}>{formatDuration(end - Date.parse(from), live)}</span>;
}
