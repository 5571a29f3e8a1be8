"use client";

import { useSyncExternalStore } from "react";

/** Shortcuts of one letter get in the way of speech input, so they can be turned off (WCAG 2.1.4). */
const KEY = "kiln.shortcuts";
const listeners = new Set<() => void>();

export function shortcutsEnabled(): boolean {
  return window.localStorage.getItem(KEY) !== "off";
}

export function enableShortcuts(enabled: boolean): void {
  if (enabled) window.localStorage.removeItem(KEY);
  else window.localStorage.setItem(KEY, "off");
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useShortcutsEnabled(): boolean {
  return useSyncExternalStore(subscribe, shortcutsEnabled, () => true);
}
