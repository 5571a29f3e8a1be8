import { type MouseEvent, memo, type Ref } from "react";
import { cn } from "@/components/cn";
import type { LogLine } from "@/lib/snapshots/wire";
import { AnsiText } from "./ansi-text";
import { formatLineTime, type TimeMode } from "./line-time";
import type { Style } from "@/lib/logs/sgr";

export interface LogRowProps {
  /** Measures it, where its height depends on its length. */
  ref: Ref<HTMLDivElement>;
  /** Its place among the rows, and in pixels. */
  index: number;
  top: number;
  line: LogLine;
  number: number;
  before: Style | null;
  time: TimeMode;
  start: number;
  wrap: boolean;
  matcher: RegExp | null;
  /** The address points at it. */
  selected: boolean;
  /** The search stands at it. */
  current: boolean;
  onNumber: (line: number, extend: boolean) => void;
}

const streams = { stdout: "border-transparent", stderr: "border-(--ansi-3)", system: "border-transparent" };

/** One line. Everything beside its text can't be selected, so that a copy is clean. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { ref, index, top, line, number, before, time, start, wrap, matcher, selected, current, onNumber } =
    props;
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.button !== 0) return;
    event.preventDefault();
    onNumber(number, event.shiftKey);
  };
  const system = line.stream === "system";
  return (
    <div
      ref={ref}
      data-index={index}
      data-line={number}
      style={{ transform: `translateY(${top}px)` }}
      className={cn(
        "group/row absolute top-0 left-0 flex min-h-5 w-full",
        selected || current ? "bg-accent-soft" : "hover:bg-hover",
      )}
    >
      <span
        className={cn(
          "sticky left-0 z-1 flex shrink-0 border-l-2 select-none",
          streams[line.stream],
          selected || current ? "bg-accent-soft" : "bg-sunken group-hover/row:bg-hover",
        )}
        title={line.stream === "stderr" ? "Standard error" : undefined}
      >
        {/* Out of the tab order: a stop a line would be in everybody's way. `n` and `e` set the address too. */}
        <a
          href={`#L${number}`}
          tabIndex={-1}
          onClick={follow}
          className={cn(
            "w-(--number) pr-3 pl-1 text-right no-underline",
            selected ? "text-accent-ink" : "text-faint hover:text-ink",
          )}
        >
          {number}
        </a>
        {time === "off" ? null : (
          <span className="w-(--time) pr-3 text-right text-faint">
            {formatLineTime(line.at, time, start)}
          </span>
        )}
      </span>
      {system ? <KilnMark /> : null}
      <span
        data-text
        dir="ltr"
        className={cn(
          "pr-4 [tab-size:8] [unicode-bidi:isolate]",
          wrap ? "min-w-0 flex-1 break-all whitespace-pre-wrap" : "whitespace-pre",
          system && "text-muted italic",
        )}
      >
        <AnsiText text={line.text} before={before} matcher={matcher} current={current} />
      </span>
    </div>
  );
});

/** Kiln speaks here, and not the build. */
function KilnMark() {
  return (
    <svg viewBox="0 0 12 12" className="mt-1 mr-1.5 size-3 shrink-0 text-muted" role="img" aria-label="Kiln:">
      <path
        d="M1.75 10.5V6a4.25 4.25 0 0 1 8.5 0v4.5Z"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.25"
        strokeLinejoin="round"
      />
      <path d="M4.5 10.5V8.25a1.5 1.5 0 0 1 3 0v2.25Z" className="fill-accent" />
    </svg>
  );
}
