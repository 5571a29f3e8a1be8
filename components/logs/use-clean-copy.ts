"use client";

/**
 * Copying more lines than are in the page. The browser's selection knows only the rows that are rendered;
 * the text between its two ends comes from the log instead, without colours, numbers and marks.
 */
import { type ClipboardEvent, type RefObject, useCallback, useEffect, useRef } from "react";
import type { LogLine } from "@/lib/snapshots/wire";
import { cleanText } from "@/lib/logs/ansi";
import type { Rows } from "./rows";

const rowOf = (node: Node | null): HTMLElement | null =>
  (node instanceof Element ? node : (node?.parentElement ?? null))?.closest<HTMLElement>("[data-line]") ??
  null;

const lineOf = (row: HTMLElement | null): number => Number(row?.dataset.line ?? 0);

/** Characters of the line's own text before a point of the selection. */
function offsetIn(row: HTMLElement, node: Node, offset: number): number {
  const text = row.querySelector("[data-text]");
  if (!text) return 0;
  const range = document.createRange();
  range.selectNodeContents(text);
  if (range.comparePoint(node, offset) < 0) return 0;
  if (range.comparePoint(node, offset) === 0) range.setEnd(node, offset);
  const fragment = range.cloneContents();
  for (const mark of fragment.querySelectorAll(".select-none")) mark.remove();
  return fragment.textContent?.length ?? 0;
}

/** The clean text of the visible lines from one row to another; `from` and `to` are offsets in the first and last. */
export function textBetween(
  rows: Rows,
  lines: readonly LogLine[],
  first: { line: number; offset: number },
  last: { line: number; offset: number },
): string {
  const start = rows.ofLine(first.line) ?? 0;
  const end = rows.ofLine(last.line) ?? -1;
  const parts: string[] = [];
  for (let row = start; row <= end; row += 1) {
    const number = rows.lineAt(row);
    const line = lines[number - 1];
    if (!line) continue;
    const text = cleanText(line.text);
    parts.push(
      text.slice(number === first.line ? first.offset : 0, number === last.line ? last.offset : undefined),
    );
  }
  return parts.join("\n");
}

export interface CleanCopy {
  /** Where the selection began: keep that row in the page, or the browser loses the selection. */
  anchorLine: RefObject<number>;
  onCopy: (event: ClipboardEvent) => void;
}

export function useCleanCopy(rows: Rows, lines: readonly LogLine[]): CleanCopy {
  const anchorLine = useRef(0);
  useEffect(() => {
    const note = () => {
      const selection = document.getSelection();
      anchorLine.current = selection && !selection.isCollapsed ? lineOf(rowOf(selection.anchorNode)) : 0;
    };
    document.addEventListener("selectionchange", note);
    return () => document.removeEventListener("selectionchange", note);
  }, []);
  const onCopy = useCallback(
    (event: ClipboardEvent) => {
      const selection = document.getSelection();
      if (!selection || selection.rangeCount === 0) return;
      const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
      const [from, to] = [rowOf(startContainer), rowOf(endContainer)];
      if (!from || !to || from === to) return;
      const first = { line: lineOf(from), offset: offsetIn(from, startContainer, startOffset) };
      const last = { line: lineOf(to), offset: offsetIn(to, endContainer, endOffset) };
      event.clipboardData.setData("text/plain", textBetween(rows, lines, first, last));
      event.preventDefault();
    },
    [rows, lines],
  );
  return { anchorLine, onCopy };
}
