"use client";

import { useEffect, useLayoutEffect, useRef } from "react";
import { cn } from "@/components/cn";
import { titleIn } from "@/lib/snapshots/steps";
import type { LogLine, StepWire } from "@/lib/snapshots/wire";
import { SHOWN_CHARACTERS } from "./ansi-text";
import { CutRow } from "./cut-row";
import { groupAt, type LogGroup } from "./groups";
import type { LineRange } from "./line-range";
import type { TimeMode } from "./line-time";
import { LogRow } from "./log-row";
import type { LogSection, LogView } from "./log-store";
import { type Gutter, LogTailRows } from "./log-tail";
import { HEADING_PX, type Rows } from "./rows";
import { barHeight } from "./scroll";
import { ScrollMarks } from "./scroll-marks";
import { placeOf } from "./search";
import { StepHeading } from "./step-heading";
import { useCleanCopy } from "./use-clean-copy";
import { probeText, useColumns } from "./use-columns";
import { useLogControls } from "./use-log-controls";
import { useLogScroll } from "./use-log-scroll";

/** Where to go: a new object is a new wish. A line that isn't there yet is gone to when it comes. */
export interface LogTarget {
  line: number;
  align: "start" | "center";
}

export interface LogLinesProps {
  view: LogView;
  rows: Rows;
  groups: readonly LogGroup[];
  steps: readonly StepWire[];
  start: number;
  wrap: boolean;
  time: TimeMode;
  /** A class that sets the size of the text. */
  size: string;
  live: boolean;
  matcher: RegExp | null;
  /** Lines that the search found, in order. */
  found: ArrayLike<number>;
  range: LineRange | null;
  currentLine: number;
  following: boolean;
  target: LogTarget | null;
  label: string;
  onFollowing: (following: boolean) => void;
  onNumber: (line: number, extend: boolean) => void;
  onToggle: (key: string) => void;
  onWhole: (line: LogLine) => void;
}

/**
 * The lines: however many there are, the page holds those that are seen and a few more. Rows have a fixed height,
 * or one that follows from their length when they wrap and is measured then.
 */
export function LogLines(props: LogLinesProps) {
  // The scroll position lives in refs, which the compiler's memoisation would not see.
  "use no memo";
  const { view, rows, groups, wrap, time, size, target } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLDivElement>(null);
  const columns = useColumns(probe);
  const { anchorLine, onCopy } = useCleanCopy(rows, view);
  const controls = useLogControls(scroller, () => props.following && props.onFollowing(false));

  // By line, where lines wrap: what a row's length promises isn't what tabs and wide characters make of it.
  const measured = useRef(new Map<number, number>());
  const measuredFor = useRef("");
  const layout = `${wrap} ${time === "off"} ${columns} ${size}`;
  if (measuredFor.current !== layout) {
    measuredFor.current = layout;
    measured.current.clear();
  }
  const heightOf = (row: number): number => {
    const line = wrap ? rows.lineAt(row) : 0;
    if (line === 0) return rows.heightOf(row);
    return measured.current.get(line) ?? Math.max(1, Math.ceil(view.widthOf(line) / columns)) * rows.linePx;
  };
  const exact = !wrap && barHeight(rows) === rows.height;
  const scroll = useLogScroll({
    ...{ scroller, rows, heightOf, exact },
    following: props.following,
    onFollowing: props.onFollowing,
  });
  const { placed, base, topRow, goTo, redraw } = scroll;

  useLayoutEffect(() => {
    if (!wrap) return;
    let changed = false;
    for (const row of canvas.current?.querySelectorAll<HTMLElement>("[data-line]") ?? []) {
      const line = Number(row.dataset.line);
      if (measured.current.get(line) === row.offsetHeight) continue;
      measured.current.set(line, row.offsetHeight);
      changed = true;
    }
    if (changed) redraw();
  });

  const lines = placed.map(({ row }) => rows.lineAt(row)).filter((line) => line > 0);
  const wanted = `${lines[0] ?? 0} ${lines.at(-1) ?? 0} ${view.count}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same lines of the same log need no second asking
  useEffect(() => {
    view.want(lines);
  }, [wanted, view.want]);

  const reached = useRef<LogTarget | null>(null);
  useLayoutEffect(() => {
    if (!target || reached.current === target || scroll.view === 0) return;
    const row = rows.ofLine(target.line);
    // Not here yet, or still folded.
    if (row === null || (rows.lineAt(row) !== target.line && rows.at(row)?.kind !== "cut")) return;
    reached.current = target;
    goTo(row, target.align === "start" ? HEADING_PX : (scroll.view - rows.linePx) / 2);
  }, [target, rows, scroll.view, goTo]);

  // What names the part of the log that is read stays at the top.
  const heading = rows.headingOf(topRow);
  const below = scroll.rowAt(heading === null ? 0 : HEADING_PX);
  const group = groupAt(groups, rows.lineAt(below));
  const groupRow = group ? rows.ofLine(group.from) : null;
  const pinned = group && groupRow !== null && groupRow < below && heading !== null ? group : null;

  const held = anchorLine.current > 0 ? rows.ofLine(anchorLine.current) : null;
  const kept =
    held === null || placed.some(({ row }) => row === held)
      ? placed
      : [...placed, { row: held, top: rows.topOf(held) - base }];

  const digits = Math.max(4, String(view.count).length);
  const gutter: Gutter = {
    "--number": `calc(${digits}ch + 1.25rem)`,
    "--time": "calc(9ch + 0.75rem)",
    "--line": `${rows.linePx}px`,
    lineHeight: `${rows.linePx}px`,
  };
  const width = wrap
    ? undefined
    : `calc(var(--number) + ${Math.min(view.widest, SHOWN_CHARACTERS + 100)}ch + ${time === "off" ? "0px" : "var(--time)"} + 3rem)`;
  const rowOf = (number: number, top: number | null) => {
    const opens = groupAt(groups, number);
    return (
      <LogRow
        key={number}
        top={top}
        line={view.lineAt(number)}
        number={number}
        before={view.styleBefore(number)}
        time={time}
        start={props.start}
        wrap={wrap && top !== null}
        matcher={props.found[placeOf(props.found, number)] === number ? props.matcher : null}
        selected={props.range !== null && number >= props.range.from && number <= props.range.to}
        current={number === props.currentLine}
        group={opens?.from === number ? opens : null}
        folded={opens !== null && rows.folded.has(opens.key)}
        live={props.live}
        onNumber={props.onNumber}
        onToggle={props.onToggle}
        onWhole={props.onWhole}
      />
    );
  };
  return (
    <>
      <div className="relative flex min-h-0 flex-1">
        <div
          ref={scroller}
          role="log"
          // Read out, a build would never end; the steps are announced beside it.
          aria-live="off"
          aria-label={props.label}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          onCopy={onCopy}
          {...controls}
          data-top-row={topRow}
          className={cn(
            "peer @container relative min-h-0 flex-1 overflow-auto overscroll-contain [contain:strict] bg-sunken font-mono [overflow-anchor:none] outline-none",
            size,
          )}
          style={gutter}
        >
          <div
            ref={probe}
            aria-hidden="true"
            className={cn(
              "invisible absolute top-0 right-4",
              time === "off" ? "left-(--number)" : "left-[calc(var(--number)+var(--time))]",
            )}
          >
            <span>{probeText}</span>
          </div>
          <div ref={canvas} className="relative min-w-full" style={{ height: barHeight(rows), width }}>
            {heading === null ? null : (
              <div className="sticky top-0 z-2 w-full">
                <HeadingRow {...props} row={heading} stuck={heading < topRow || base > 0} />
              </div>
            )}
            {pinned ? <div className="sticky top-8 z-2 w-full">{rowOf(pinned.from, null)}</div> : null}
            {kept.map(({ row, top }) => {
              const at = rows.at(row);
              const px = Math.round(base + top);
              if (!at || row === heading) return null;
              if (at.kind === "line") return at.line === pinned?.from ? null : rowOf(at.line, px);
              return (
                <div
                  key={rows.keyOf(row)}
                  className="absolute top-0 left-0 w-full"
                  style={{ transform: `translateY(${px}px)` }}
                >
                  {at.kind === "cut" ? (
                    <CutRow cut={at.cut} />
                  ) : (
                    <HeadingRow {...props} row={row} stuck={false} />
                  )}
                </div>
              );
            })}
          </div>
        </div>
        {/* The rows lie over the log's own outline. */}
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-0 z-4 hidden outline-2 -outline-offset-2 outline-(--focus) peer-focus-visible:block"
        />
        <ScrollMarks rows={rows} marks={view.marks} found={props.found} range={props.range} />
      </div>
      <LogTailRows tail={view.tail} timed={time !== "off"} className={size} style={gutter} />
    </>
  );
}

function HeadingRow({
  view,
  rows,
  steps,
  row,
  stuck,
  onToggle,
}: LogLinesProps & { row: number; stuck: boolean }) {
  const at = rows.at(row);
  if (at?.kind !== "heading") return null;
  const section: LogSection = at.section;
  const attempt = view.sections.at(-1)?.attempt ?? section.attempt;
  return (
    <StepHeading
      section={section}
      title={titleIn(steps, section.step)}
      step={section.attempt === attempt ? (steps.find(({ name }) => name === section.step) ?? null) : null}
      attempts={attempt > 1 && view.sections.some((other) => other.attempt !== attempt && other.attempt > 0)}
      folded={rows.folded.has(section.key)}
      stuck={stuck}
      onToggle={onToggle}
    />
  );
}
