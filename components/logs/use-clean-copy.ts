"use client";

/**
 * Copying more lines than are in the page. The browser's selection knows only the rows that are rendered;
 * the text between its two ends comes from the log instead, without colours, numbers and marks.
 */
import { type ClipboardEvent, type RefObject, useCallback, useEffect, useRef } from "react";
import { copyText } from "@/components/copy-button/copy-text";
import { toast } from "@/components/ui/toast";
import { cleanText } from "@/lib/logs/ansi";
import type { LogLine } from "@/lib/snapshots/wire";
import type { LogView } from "./log-store";
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

interface End {
  line: number;
  offset: number;
}

/** More are not for a clipboard; there is the raw log. */
export const MOST_COPIED = 100_000;

/** The clean text of the rows from one to another; `from` and `to` are offsets in the first and last. */
export function textBetween(rows: Rows, lines: readonly LogLine[], first: End, last: End): string {
  return lines
    .filter(({ line }) => {
      const row = rows.ofLine(line);
      return row !== null && rows.lineAt(row) === line;
    })
    .map(({ line, text }) =>
      cleanText(text).slice(
        line === first.line ? first.offset : 0,
        line === last.line ? last.offset : undefined,
      ),
    )
    .join("\n");
}

/** The lines that are here, when all of them are. */
function linesHere(view: LogView, from: number, to: number): LogLine[] | null {
  const lines: LogLine[] = [];
  for (let number = from; number <= to; number += 1) {
    const line = view.lineAt(number);
    if (line) lines.push(line);
    else if (!view.cut || number < view.cut.from || number > view.cut.to) return null;
  }
  return lines;
}

export interface CleanCopy {
  /** Where the selection began: keep that row in the page, or the browser loses the selection. */
  anchorLine: RefObject<number>;
  onCopy: (event: ClipboardEvent) => void;
}

export function useCleanCopy(rows: Rows, view: LogView): CleanCopy {
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
      event.preventDefault();
      const lines = linesHere(view, first.line, last.line);
      if (lines) return event.clipboardData.setData("text/plain", textBetween(rows, lines, first, last));
      if (last.line - first.line >= MOST_COPIED) {
        toast({ kind: "failed", title: "That is too much to copy.", description: "Download the raw log." });
        return;
      }
      // Not all of it is here: it is fetched, and put into the clipboard then.
      const { signal } = new AbortController();
      void copyText(async () =>
        textBetween(rows, await view.read(first.line, last.line, signal), first, last),
      );
    },
    [rows, view],
  );
  return { anchorLine, onCopy };
}
