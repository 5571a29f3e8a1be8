"use client";

/**
 * The log is one stop of the Tab key, however many links and headings it has. Enter goes from it to the first of them:
 * of the line that is lit, else of what is in view. Up and down go on from there, and Escape goes back.
 */
import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from "react";

/** All that can be pressed; the lines' numbers aren't, since other keys set the address. */
const CONTROLS = "button, a[target]";

interface LogControls {
  onKeyDown: (event: KeyboardEvent) => void;
  onFocus: (event: FocusEvent) => void;
}

/** @param onEnter the reader has left the log's own keys for what is in it */
export function useLogControls(scroller: RefObject<HTMLElement | null>, onEnter: () => void): LogControls {
  const focused = useRef<Element | null>(null);
  // The row that held the focus has left the page: whoever has no mouse must not have to begin at the page's top.
  useLayoutEffect(() => {
    if (!focused.current || focused.current.isConnected) return;
    focused.current = null;
    if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const log = scroller.current;
    if (!log || event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return;
    const isLog = event.target === log;
    // Nothing is looked for at each key by which somebody scrolls.
    if (isLog ? event.key !== "Enter" : !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
    const controls = controlsIn(log);
    const place = event.target instanceof HTMLElement ? controls.indexOf(event.target) : -1;
    const next = isLog
      ? firstOf(controls, log)
      : (event.key === "ArrowDown" && controls[place + 1]) ||
        (event.key === "ArrowUp" && place > 0 && controls[place - 1]) ||
        (event.key === "Escape" && log);
    // Beyond the last one the browser's own scrolling goes on.
    if (!next) return;
    event.preventDefault();
    if (isLog) onEnter();
    next.focus({ preventScroll: true });
    if (next !== log) next.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const onFocus = ({ target }: FocusEvent) => {
    focused.current = target === scroller.current ? null : target;
  };
  return { onKeyDown, onFocus };
}

/** From the top to the bottom: rows are laid out by their numbers, and needn't be in the page in that order. */
function controlsIn(log: HTMLElement): HTMLElement[] {
  return [...log.querySelectorAll<HTMLElement>(CONTROLS)]
    .map((control) => ({ control, at: control.getBoundingClientRect() }))
    .sort((one, other) => one.at.top - other.at.top || one.at.left - other.at.left)
    .map(({ control }) => control);
}

function firstOf(controls: readonly HTMLElement[], log: HTMLElement): HTMLElement | undefined {
  const view = log.getBoundingClientRect();
  const inView = controls.filter((control) => {
    const { top, bottom } = control.getBoundingClientRect();
    return bottom > view.top && top < view.bottom;
  });
  return inView.find((control) => control.closest("[data-lit]")) ?? inView[0];
}
