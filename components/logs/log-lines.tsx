"use client";

import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, useLayoutEffect, useRef } from "react";
import { cn } from "@/components/cn";
import { titleIn } from "@/lib/snapshots/steps";
import type { StepWire } from "@/lib/snapshots/wire";
import type { LineRange } from "./line-range";
import type { TimeMode } from "./line-time";
import { LogRow } from "./log-row";
import type { LogView } from "./log-store";
import type { Rows } from "./rows";
import { StepHeading } from "./step-heading";
import { useCleanCopy } from "./use-clean-copy";
import { probeText, useColumns } from "./use-columns";
import { useFollow } from "./use-follow";

export const LINE_PX = 20;
const HEADING_PX = 32;

/** Where to go: a new object is a new wish. A line that isn't there yet is gone to when it comes. */
export interface LogTarget {
  line: number;
  align: "start" | "center";
}

export interface LogLinesProps {
  view: LogView;
  rows: Rows;
  steps: readonly StepWire[];
  start: number;
  wrap: boolean;
  time: TimeMode;
  matcher: RegExp | null;
  range: LineRange | null;
  currentLine: number;
  following: boolean;
  target: LogTarget | null;
  label: string;
  onFollowing: (following: boolean) => void;
  onNumber: (line: number, extend: boolean) => void;
  onToggle: (key: string) => void;
}

/**
 * The lines: however many there are, the page holds those that are seen and a few more. Rows have a fixed
 * height, or one that follows from their length when they wrap, so that nothing jumps on the way.
 */
export function LogLines(props: LogLinesProps) {
  // The virtualizer changes in place, which the compiler's memoisation would not see.
  "use no memo";
  const { view, rows, wrap, time, following, target } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLDivElement>(null);
  const columns = useColumns(probe);
  const { anchorLine, onCopy } = useCleanCopy(rows, view.lines);

  const heading = useRef<number | null>(null);
  const virtualizer = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: (row) => {
      const line = rows.lineAt(row);
      if (line === 0) return HEADING_PX;
      return wrap ? Math.max(1, Math.ceil((view.widths[line - 1] ?? 0) / columns)) * LINE_PX : LINE_PX;
    },
    getItemKey: rows.keyOf,
    overscan: 12,
    rangeExtractor: (range: Range) => {
      heading.current = rows.headingOf(range.startIndex);
      const held = anchorLine.current > 0 ? rows.ofLine(anchorLine.current) : null;
      const kept = new Set([heading.current, held].filter((row) => row !== null));
      return [...new Set([...kept, ...defaultRangeExtractor(range)])].toSorted((one, other) => one - other);
    },
    paddingStart: 6,
    paddingEnd: 12,
  });

  const height = virtualizer.getTotalSize();
  const { leave } = useFollow(scroller, height, following, props.onFollowing);
  const place = useRef({ key: 0, offset: 0 });

  // What was at the top stays at the top when steps fold or lines wrap.
  const layout = `${wrap} ${time === "off"} ${columns} ${[...rows.folded].join()}`;
  const shown = useRef(layout);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || shown.current === layout) return;
    shown.current = layout;
    virtualizer.measure();
    if (following) return;
    const row = rows.ofKey(place.current.key);
    const offset = row === null ? undefined : virtualizer.getOffsetForIndex(row, "start")?.[0];
    if (offset !== undefined)
      element.scrollTop = offset + (rows.keyOf(row ?? 0) === place.current.key ? place.current.offset : 0);
  });

  const reached = useRef<LogTarget | null>(null);
  useLayoutEffect(() => {
    if (!target || reached.current === target) return;
    const row = rows.ofLine(target.line);
    // Not here yet, or still folded.
    if (row === null || rows.lineAt(row) !== target.line) return;
    reached.current = target;
    leave();
    const top = target.align === "start" ? (rows.headingOf(row) ?? row) : row;
    virtualizer.scrollToIndex(top, { align: target.align });
  }, [target, rows, virtualizer, leave]);

  const notePlace = () => {
    const top = scroller.current?.scrollTop ?? 0;
    const first = virtualizer.getVirtualItemForOffset(top);
    if (first) place.current = { key: rows.keyOf(first.index), offset: top - first.start };
  };

  const digits = Math.max(4, String(view.count).length);
  const gutter = { "--number": `calc(${digits}ch + 1.25rem)`, "--time": "calc(9ch + 0.75rem)" };
  const width = wrap
    ? undefined
    : `calc(var(--number) + ${Math.min(view.widest, 4_100)}ch + ${time === "off" ? "0px" : "var(--time)"} + 3rem)`;
  return (
    <div
      ref={scroller}
      role="log"
      // Read out, a build would never end; the steps are announced beside it.
      aria-live="off"
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onCopy={onCopy}
      onScroll={notePlace}
      className="@container relative min-h-0 flex-1 overflow-auto overscroll-contain bg-sunken font-mono text-xs leading-5 [overflow-anchor:none] -outline-offset-2"
      style={gutter as CSSProperties}
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
      <div className="relative min-w-full" style={{ height, width }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const row = rows.at(index);
          if (!row) return null;
          const stuck = index === heading.current;
          if (row.kind === "heading") {
            return (
              <div
                key={key}
                className={cn("top-0 w-full", stuck ? "sticky z-2" : "absolute left-0")}
                style={stuck ? {} : { transform: `translateY(${start}px)` }}
              >
                <HeadingRow
                  {...props}
                  section={row.section}
                  stuck={stuck && start < (virtualizer.scrollOffset ?? 0)}
                />
              </div>
            );
          }
          const line = view.lines[row.line - 1];
          if (!line) return null;
          return (
            <LogRow
              key={key}
              ref={wrap ? virtualizer.measureElement : null}
              index={index}
              top={start}
              line={line}
              number={row.line}
              before={view.styles.get(row.line - 1) ?? null}
              time={time}
              start={props.start}
              wrap={wrap}
              matcher={props.matcher}
              selected={props.range !== null && row.line >= props.range.from && row.line <= props.range.to}
              current={row.line === props.currentLine}
              onNumber={props.onNumber}
            />
          );
        })}
      </div>
    </div>
  );
}

function HeadingRow({
  view,
  rows,
  steps,
  section,
  stuck,
  onToggle,
}: LogLinesProps & { section: LogView["sections"][number]; stuck: boolean }) {
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
