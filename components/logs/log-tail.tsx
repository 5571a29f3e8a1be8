import type { LogTail } from "@/lib/snapshots/wire";
import { AnsiText } from "./ansi-text";

/** Lines that are still being written, such as progress, below all others: the next look replaces them. */
export function LogTailRows({ tail }: { tail: readonly LogTail[] }) {
  return (
    <div className="sticky bottom-0 left-0 z-2 w-[100cqw]" data-tail>
      {tail.map(({ stream, text }) => (
        <div
          key={stream}
          className="flex min-h-(--line) overflow-hidden border-t border-dashed bg-surface pl-(--number) whitespace-pre text-muted"
        >
          <AnsiText text={text} />
        </div>
      ))}
    </div>
  );
}
