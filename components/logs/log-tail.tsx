import type { CSSProperties } from "react";
import { cn } from "@/components/cn";
import type { LogTail } from "@/lib/snapshots/wire";
import { AnsiText } from "./ansi-text";

/** How wide the columns beside the text are, and how tall a line is. */
export type Gutter = CSSProperties & Record<"--number" | "--time" | "--line", string>;

/** Lines that are still being written, such as progress, below all others: the next look replaces them. */
export function LogTailRows({
  tail,
  timed,
  className,
  style,
}: {
  tail: readonly LogTail[];
  /** Lines have their times beside them. */
  timed: boolean;
  className: string;
  style: Gutter;
}) {
  if (tail.length === 0) return null;
  return (
    <div
      className={cn("shrink-0 border-t border-dashed bg-surface font-mono text-muted", className)}
      style={style}
      data-tail
    >
      {tail.map(({ stream, text }) => (
        <div
          key={stream}
          className={cn(
            "min-h-(--line) overflow-hidden border-l-2 border-transparent whitespace-pre",
            timed ? "pl-[calc(var(--number)+var(--time))]" : "pl-(--number)",
          )}
        >
          <AnsiText text={text} stops={false} />
        </div>
      ))}
    </div>
  );
}
