"use client";

import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** ⌘ on Apple's machines, Ctrl elsewhere. */
export function useModifierKey(): "⌘" | "Ctrl" {
  return useSyncExternalStore(
    never,
    () => (/mac|iphone|ipad/i.test(navigator.platform) ? "⌘" : "Ctrl"),
    () => "Ctrl",
  );
}
