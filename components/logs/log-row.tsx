import { type MouseEvent, memo, type ReactNode } from "react";
import { cn } from "@/components/cn";
import { parseCommand } from "@/lib/logs/marks";
import type { Style } from "@/lib/logs/sgr";
import type { LogLine } from "@/lib/snapshots/wire";
import { AnsiText } from "./ansi-text";
import type { LogGroup } from "./groups";
import { formatLineTime, type TimeMode } from "./line-time";
import { CommandText, GroupHead } from "./log-command";
import { spansIn } from "./search";

export interface LogRowProps {
  /** In pixels from the top of all; null for one that is kept at the top of the view. */
  top: number | null;
  /** Undefined until it is here. */
  line: LogLine | undefined;
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
  /** The group that it opens, and whether that is folded. */
  group: LogGroup | null;
  folded: boolean;
  live: boolean;
  onNumber: (line: number, extend: boolean) => void;
  onToggle: (key: string) => void;
  onWhole: (line: LogLine) => void;
}

const streams = { stdout: "border-transparent", stderr: "border-(--ansi-3)", system: "border-transparent" };

/** One line. Everything beside its text can't be selected, so that a copy is clean. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { top, line, number, before, time, start, wrap, matcher, selected, current, group } = props;
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.button !== 0) return;
    event.preventDefault();
    props.onNumber(number, event.shiftKey);
  };
  const system = line?.stream === "system";
  const lit = selected || current;
  const command = line && !system ? parseCommand(line.text) : null;
  const isError = command?.kind === "error" && !lit;
  return (
    <div
      {...(line ? { "data-line": number } : { "data-loading": number })}
      data-lit={lit || undefined}
      style={top === null ? {} : { transform: `translateY(${top}px)` }}
      className={cn(
        "group/row flex min-h-(--line) w-full [contain:content]",
        group && "items-center",
        top === null ? "border-b bg-surface" : "absolute top-0 left-0",
        lit ? "bg-accent-soft" : "hover:bg-hover",
        isError && "bg-failed-soft",
      )}
    >
      <span
        className={cn(
          "sticky left-0 z-1 flex shrink-0 border-l-2 select-none",
          streams[line?.stream ?? "stdout"],
          lit ? "bg-accent-soft" : cn(groundOf(isError, top === null), "group-hover/row:bg-hover"),
        )}
        title={line?.stream === "stderr" ? "Standard error" : undefined}
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
        {line?.stream === "stderr" ? <span className="sr-only">Standard error: </span> : null}
        {time === "off" ? null : (
          <span className="w-(--time) pr-3 text-right text-faint" title={line?.at}>
            {line ? formatLineTime(line.at, time, start) : null}
          </span>
        )}
      </span>
      {line ? (
        <>
          {system ? <KilnMark /> : null}
          <LineText wrap={wrap} system={system}>
            {group ? (
              <GroupHead
                group={group}
                folded={props.folded}
                live={props.live}
                onToggle={props.onToggle}
                matcher={matcher}
                current={current}
              />
            ) : command && (matcher === null || spansIn(command.text, matcher).length > 0) ? (
              <CommandText command={command} matcher={matcher} current={current} stops={false} />
            ) : (
              <AnsiText
                text={line.text}
                more={line.more}
                before={before}
                matcher={matcher}
                current={current}
                stops={false}
                onWhole={() => props.onWhole(line)}
              />
            )}
          </LineText>
        </>
      ) : (
        <span className="my-1.5 w-40 rounded-sm bg-selected" aria-hidden="true" />
      )}
    </div>
  );
});

/** What stays while the text is scrolled sideways lies over it, and needs a ground. */
const groundOf = (isError: boolean, isKept: boolean) =>
  isError ? "bg-failed-soft" : isKept ? "bg-surface" : "bg-sunken";

function LineText({ wrap, system, children }: { wrap: boolean; system: boolean; children: ReactNode }) {
  return (
    <span
      data-text
      dir="ltr"
      className={cn(
        "pr-4 [tab-size:8] [unicode-bidi:isolate]",
        wrap ? "min-w-0 flex-1 break-all whitespace-pre-wrap" : "whitespace-pre",
        system && "text-muted italic",
      )}
    >
      {children}
    </span>
  );
}

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
