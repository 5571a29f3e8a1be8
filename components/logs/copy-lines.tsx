"use client";

import { CopyButton } from "@/components/copy-button/copy-button";
import { formatCount } from "@/lib/format";
import { cleanText } from "@/lib/logs/ansi";
import type { LineRange } from "./line-range";
import type { LogView } from "./log-store";
import { MOST_COPIED } from "./use-clean-copy";

/** Copies the lines that the address points at. */
export function CopyLines({ view, range: { from, to } }: { view: LogView; range: LineRange }) {
  const last = Math.min(to, view.count, from + MOST_COPIED - 1);
  if (last < from) return null;
  const text = async () => {
    const lines = await view.read(from, last, new AbortController().signal);
    return lines.map((line) => cleanText(line.text)).join("\n");
  };
  return (
    <CopyButton value={text} label={`Copy ${formatCount(last - from + 1, "line")}`} className="size-8" />
  );
}
