"use client";

/** Where the reader is: following the tail, or gone to a line by its number, its address or a hit. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { groupAt, type LogGroup } from "./groups";
import { extendRange, type LineRange, parseRange } from "./line-range";
import type { LogTarget } from "./log-lines";
import type { LogView } from "./log-store";
import type { Rows } from "./rows";
import { setLineRange, useLineRange } from "./use-line-range";

export interface LogReader {
  range: LineRange | null;
  target: LogTarget | null;
  following: boolean;
  /** Lines that came since the reader left the tail. */
  waiting: number;
  follow: (value: boolean) => void;
  /** Goes to a line. */
  show: (line: number, align?: LogTarget["align"]) => void;
  /** Goes to lines and has the address point at them. */
  choose: (range: LineRange) => void;
  /** The same of one line. */
  point: (line: number, align?: LogTarget["align"]) => void;
  /** A press on a line's number. */
  onNumber: (line: number, extend: boolean) => void;
}

/** Half of what is on a screen. */
const AROUND = 25;

export function useLogReader(
  view: LogView,
  rows: Rows,
  groups: readonly LogGroup[],
  open: (key: string) => void,
  followFirst: boolean,
): LogReader {
  const range = useLineRange();
  const [target, setTarget] = useState<LogTarget | null>(null);
  const [following, setFollowing] = useState(followFirst);
  const [leftAt, setLeftAt] = useState(0);
  const latest = useRef({ view, range });
  useLayoutEffect(() => {
    latest.current = { view, range };
  });

  const follow = useCallback((value: boolean) => {
    setFollowing(value);
    if (!value) setLeftAt(latest.current.view.count);
  }, []);
  const show = useCallback(
    (line: number, align: LogTarget["align"] = "center") => {
      // They are on their way while the page is still drawing where they will be.
      latest.current.view.want([Math.max(1, line - AROUND), line, line + AROUND]);
      follow(false);
      setTarget({ line, align });
    },
    [follow],
  );
  const choose = useCallback(
    (range: LineRange, align?: LogTarget["align"]) => {
      setLineRange(range);
      show(range.from, align);
    },
    [show],
  );
  const point = useCallback(
    (line: number, align?: LogTarget["align"]) => choose({ from: line, to: line }, align),
    [choose],
  );
  const onNumber = useCallback(
    (line: number, extend: boolean) => {
      setLineRange(extendRange(latest.current.range, line, extend));
      follow(false);
    },
    [follow],
  );

  // The address that the page was opened with, and what is typed into it later.
  useEffect(() => {
    const arrive = () => {
      const arrived = parseRange(window.location.hash);
      if (arrived) show(arrived.from);
    };
    arrive();
    window.addEventListener("hashchange", arrive);
    return () => window.removeEventListener("hashchange", arrive);
  }, [show]);

  // Its step is unfolded when the line is here, which may be later than the wish.
  const unfolded = useRef<LogTarget | null>(null);
  useEffect(() => {
    if (!target || unfolded.current === target) return;
    const section = rows.sectionOf(target.line);
    if (!section) return;
    unfolded.current = target;
    open(section.key);
    const group = groupAt(groups, target.line);
    if (group) open(group.key);
  }, [target, rows, groups, open]);

  return {
    range,
    target,
    following,
    waiting: following ? 0 : view.count - leftAt,
    follow,
    show,
    choose,
    point,
    onNumber,
  };
}
