/**
 * Where a reader is in a log that may be taller than a browser's tallest element. The place is a row and how far
 * its top is above the view's; everything on the screen is laid out from there, so nothing that comes or grows
 * elsewhere moves it. The scrollbar shows the place in proportion; as long as the log fits, pixel by pixel.
 */
import type { Rows } from "./rows";

/** Firefox's tallest element is 17.9 million pixels, Chromium's 33.5. */
export const MAX_PX = 15_000_000;

export interface Place {
  row: number;
  /** Pixels of the view's top below the row's; below zero when the row stands further down. */
  offset: number;
}

export interface Geometry {
  rows: Rows;
  /** How tall the view is. */
  view: number;
  /** How tall a row is in truth, where lines wrap. */
  heightOf: (row: number) => number;
  /** Every row is as tall as it counts, and the scrollbar is as long as the log. */
  exact: boolean;
}

export interface PlacedRow {
  row: number;
  /** From the view's top. */
  top: number;
}

/** How tall the scrolled element is. */
export const barHeight = (rows: Rows): number => Math.min(rows.height, MAX_PX);

/** The place after `px` pixels more, up or down. */
export function move({ rows, heightOf }: Geometry, { row, offset }: Place, px: number): Place {
  let at = row;
  let rest = offset + px;
  while (rest < 0 && at > 0) {
    at -= 1;
    rest += heightOf(at);
  }
  while (at < rows.count - 1 && rest >= heightOf(at)) {
    rest -= heightOf(at);
    at += 1;
  }
  return { row: at, offset: rest };
}

/** The place at which the last row ends where the view ends; the top when everything fits. */
export function endOf(geometry: Geometry): Place {
  const { rows, view, heightOf } = geometry;
  let room = view;
  for (let row = rows.count - 1; row >= 0; row -= 1) {
    room -= heightOf(row);
    if (room <= 0) return { row, offset: -room };
  }
  return { row: 0, offset: 0 };
}

const isBefore = (one: Place, other: Place) =>
  one.row < other.row || (one.row === other.row && one.offset < other.offset);

/** No further than the log goes. */
export function clamp(geometry: Geometry, place: Place): Place {
  const within = move(geometry, place, 0);
  const end = endOf(geometry);
  if (isBefore(end, within)) return end;
  return within.offset < 0 ? { row: 0, offset: 0 } : within;
}

/** The scroll position that stands for a place. */
export function barOf(geometry: Geometry, place: Place): number {
  const { rows, view, heightOf, exact } = geometry;
  const at = move(geometry, place, 0);
  const height = heightOf(at.row);
  const px = rows.topOf(at.row) + (height > 0 ? (at.offset / height) * rows.heightOf(at.row) : 0);
  const most = barHeight(rows) - view;
  if (exact || rows.height <= view) return Math.max(0, Math.min(px, most));
  const end = endOf(geometry);
  if (!isBefore(at, end)) return Math.max(0, most);
  return Math.max(0, Math.min((px / Math.max(1, rows.height - view)) * most, most));
}

/** The place that a scroll position stands for. */
export function placeAt(geometry: Geometry, bar: number): Place {
  const { rows, view, heightOf, exact } = geometry;
  const most = barHeight(rows) - view;
  if (most <= 0 || bar <= 0) return { row: 0, offset: 0 };
  if (bar >= most - 1) return endOf(geometry);
  const px = exact ? bar : (bar / most) * (rows.height - view);
  const row = rows.rowAt(px);
  return { row, offset: ((px - rows.topOf(row)) / rows.heightOf(row)) * heightOf(row) };
}

/** The rows that are in the view at a place, and some on both sides of it. */
export function layOut({ rows, view, heightOf }: Geometry, place: Place, beside: number): PlacedRow[] {
  const placed: PlacedRow[] = [];
  let top = -place.offset;
  let row = place.row;
  while (row > 0 && top > -beside) {
    row -= 1;
    top -= heightOf(row);
  }
  for (; row < rows.count && top < view + beside; row += 1) {
    if (top + heightOf(row) > -beside) placed.push({ row, top });
    top += heightOf(row);
  }
  return placed;
}
