"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { navEntries } from "./nav-entries";
import { shortcutsEnabled } from "./shortcut-setting";

/** Is the person typing? Then letters are letters. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function focusSearch(): boolean {
  const search = document.querySelector<HTMLInputElement>('[data-shortcut="search"]');
  search?.focus();
  search?.select();
  return search !== null;
}

const CHORD_MS = 1200;

/** ⌘K, `?`, `/`, and `g` followed by a place's letter. */
export function useShortcuts({
  openPalette,
  openHelp,
}: {
  openPalette: () => void;
  openHelp: () => void;
}): void {
  const router = useRouter();
  useEffect(() => {
    let chordUntil = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openPalette();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || !shortcutsEnabled())
        return;
      if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
      const entry = Date.now() < chordUntil ? navEntries.find(({ key }) => key === event.key) : undefined;
      chordUntil = event.key === "g" ? Date.now() + CHORD_MS : 0;
      if (entry) router.push(entry.href);
      else if (event.key === "?") openHelp();
      else if (event.key !== "/" || !focusSearch()) return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [router, openPalette, openHelp]);
}
