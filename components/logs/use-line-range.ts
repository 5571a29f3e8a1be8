"use client";

/** The lines that the address points at, kept in the address: `#L120-L140`. */
import { useMemo, useSyncExternalStore } from "react";
import { formatRange, type LineRange, parseRange } from "./line-range";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("hashchange", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("hashchange", listener);
  };
}

/** Replaces and doesn't push: back leaves the page and doesn't replay clicks. */
export function setLineRange(range: LineRange): void {
  const { pathname, search } = window.location;
  window.history.replaceState(window.history.state, "", `${pathname}${search}${formatRange(range)}`);
  for (const listener of listeners) listener();
}

export function useLineRange(): LineRange | null {
  const hash = useSyncExternalStore(
    subscribe,
    () => window.location.hash,
    () => "",
  );
  return useMemo(() => parseRange(hash), [hash]);
}
