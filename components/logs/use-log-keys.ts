"use client";

/**
 * The log's keys, while nobody types: f follow, n N next and previous hit, g G top and end, l go to a line, e E next
 * and previous error, w wrap, t times, + - size of the text, F full screen.
 * `/` is the frame's: it puts the cursor into the page's search. A chord of the frame (g, then a place) wins.
 */
import { useEffect, useRef } from "react";
import { shortcutsEnabled } from "@/components/frame/shortcut-setting";

const actions = {
  f: "follow",
  n: "nextHit",
  N: "previousHit",
  g: "top",
  G: "end",
  l: "line",
  e: "nextError",
  E: "previousError",
  w: "wrap",
  t: "time",
  "+": "larger",
  "-": "smaller",
  F: "full",
  Escape: "leave",
} as const;
type Action = (typeof actions)[keyof typeof actions];
export type LogKeys = Record<Action, () => void>;

const isKey = (key: string): key is keyof typeof actions => Object.hasOwn(actions, key);

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

export function useLogKeys(keys: LogKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { key } = event;
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target))
        return;
      if (!isKey(key) || (key !== "Escape" && !shortcutsEnabled())) return;
      if (document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]')) return;
      latest.current[actions[key]]();
    };
    // On the window, after the frame's own listener on the document.
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
