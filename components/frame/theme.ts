"use client";

/** The theme is a cookie, so that the server's first page already has it and nothing flashes. */
import { useSyncExternalStore } from "react";
import { type Theme, themeSchema } from "./theme-cookie";

/** Sets a cookie for a year. */
export function setCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API isn't in every browser
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

/** Applies a theme now and for the next page. "system" leaves the choice to the media query. */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  setCookie("theme", theme);
  for (const listener of listeners) listener();
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The theme that was chosen; `atServer` is what the cookie said. */
export function useTheme(atServer: Theme): Theme {
  return useSyncExternalStore(
    subscribe,
    () => themeSchema.parse(document.documentElement.dataset.theme),
    () => atServer,
  );
}

/** What is shown now, whoever chose it. */
export function shownTheme(): "light" | "dark" {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
