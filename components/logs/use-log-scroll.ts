"use client";

/**
 * Scrolls the log: keeps the place, follows the tail until the reader scrolls away from it, and never yanks. Only
 * what the reader does with wheel, finger or keys ends or begins following; text that is being selected holds still,
 * too. When the view's own edge moves (a card appears above it), lines stay where they are on the screen.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useReducer, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Rows } from "./rows";
import { barOf, clamp, endOf, type Geometry, layOut, move, type PlacedRow, placeAt } from "./scroll";

const AT_END_PX = 4;
const BESIDE_PX = 240;
/** As tall the view is taken to be until it is measured: so a log that is read from its beginning is in the page as it comes. */
const GUESSED_PX = 640;
/** After so long without a move the scrollbar is put where it belongs. */
const REST_MS = 120;
const intents = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

interface LogScrollOptions {
  scroller: RefObject<HTMLDivElement | null>;
  rows: Rows;
  heightOf: (row: number) => number;
  exact: boolean;
  following: boolean;
  onFollowing: (following: boolean) => void;
}

export interface LogScroll {
  placed: PlacedRow[];
  /** Where the view's top is in the scrolled element: rows are placed from here. */
  base: number;
  /** How tall the view is; 0 until it is measured. */
  view: number;
  /** The first row in the view. */
  topRow: number;
  /** The row at a distance from the view's top. */
  rowAt: (px: number) => number;
  /** Puts a row's top so far below the view's. */
  goTo: (row: number, below: number) => void;
  redraw: () => void;
}

export function useLogScroll(options: LogScrollOptions): LogScroll {
  // Refs are the state here: the scroll position changes between renders.
  "use no memo";
  const { scroller, rows, heightOf, exact, following } = options;
  const [measured, setMeasured] = useState(0);
  const view = measured || GUESSED_PX;
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const place = useRef({ key: Number.NaN, offset: 0 });
  const bar = useRef(0);
  const isMoving = useRef(false);
  const byReader = useRef(false);
  const geometry: Geometry = { rows, view, heightOf, exact };

  const current = () => {
    if (following) return endOf(geometry);
    const { key, offset } = place.current;
    const row = Number.isNaN(key) ? 0 : (rows.ofKey(key) ?? 0);
    // A line that was folded away is stood for by another row.
    return clamp(geometry, { row, offset: rows.keyOf(row) === key ? offset : 0 });
  };
  const at = current();
  const due = barOf(geometry, at);
  const base = (isMoving.current && !exact) || Math.abs(due - bar.current) < 1 ? bar.current : due;

  const latest = useRef({ geometry, following, onFollowing: options.onFollowing, current });
  useLayoutEffect(() => {
    latest.current = { geometry, following, onFollowing: options.onFollowing, current };
    const element = scroller.current;
    if (!element || measured === 0) return;
    if (following) place.current = { key: rows.keyOf(at.row), offset: at.offset };
    if (Math.abs(element.scrollTop - base) >= 1) element.scrollTop = base;
    bar.current = element.scrollTop;
  });

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const leaving = new AbortController();
    const passive = { signal: leaving.signal, passive: true };
    let rest: ReturnType<typeof setTimeout> | undefined;
    let edge = element.getBoundingClientRect().top + window.scrollY;
    const keep = ({ row, offset }: { row: number; offset: number }) => {
      place.current = { key: latest.current.geometry.rows.keyOf(row), offset };
    };
    const follow = (value: boolean) => {
      if (latest.current.following !== value) latest.current.onFollowing(value);
    };
    for (const intent of intents)
      element.addEventListener(
        intent,
        () => {
          byReader.current = true;
        },
        passive,
      );
    element.addEventListener(
      "wheel",
      (event) => event.deltaY < 0 && element.scrollTop > 0 && follow(false),
      passive,
    );
    element.addEventListener(
      "scroll",
      () => {
        const by = element.scrollTop - bar.current;
        if (Math.abs(by) < 0.5) return;
        const { geometry, current } = latest.current;
        const before = current();
        bar.current = element.scrollTop;
        isMoving.current = true;
        clearTimeout(rest);
        rest = setTimeout(() => {
          isMoving.current = false;
          redraw();
        }, REST_MS);
        const isJump = geometry.exact || Math.abs(by) > geometry.view * 2;
        const now = isJump ? placeAt(geometry, bar.current) : clamp(geometry, move(geometry, before, by));
        keep(now);
        const most = element.scrollHeight - element.clientHeight;
        // The bar is at its end and the log isn't: it is put right at once, or there would be no way on.
        if (!isJump && (bar.current <= 0 || bar.current >= most - 1)) isMoving.current = false;
        flushSync(() => {
          const end = isEndOf(geometry, now);
          if (by < -1 && !end) follow(false);
          else if (by > 0 && end && byReader.current) follow(true);
          redraw();
        });
      },
      passive,
    );
    document.addEventListener(
      "selectionchange",
      () => {
        const selection = document.getSelection();
        if (selection && !selection.isCollapsed && element.contains(selection.anchorNode)) follow(false);
      },
      passive,
    );
    const measure = () => {
      const { geometry, current, following } = latest.current;
      const now = element.getBoundingClientRect().top + window.scrollY;
      if (!following && now !== edge) keep(move(geometry, current(), now - edge));
      edge = now;
      setMeasured(element.clientHeight);
      redraw();
    };
    measure();
    const resize = new ResizeObserver(measure);
    resize.observe(element);
    return () => {
      clearTimeout(rest);
      leaving.abort();
      resize.disconnect();
    };
  }, [scroller]);

  const goTo = useCallback((row: number, below: number) => {
    // Arriving at the end isn't the reader's wish to follow.
    byReader.current = false;
    isMoving.current = false;
    place.current = { key: latest.current.geometry.rows.keyOf(row), offset: -below };
    redraw();
  }, []);

  return {
    // Where the tail is on the screen depends on the view's height.
    placed: measured === 0 && following ? [] : layOut(geometry, at, BESIDE_PX),
    base,
    view: measured,
    topRow: at.row,
    rowAt: (px) => move(geometry, at, px).row,
    goTo,
    redraw,
  };
}

function isEndOf(geometry: Geometry, place: { row: number; offset: number }): boolean {
  const end = endOf(geometry);
  const near = move(geometry, place, AT_END_PX);
  return near.row > end.row || (near.row === end.row && near.offset >= end.offset);
}
