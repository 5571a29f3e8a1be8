"use client";

/** While something covers the page, nothing that it covers can be reached: no key goes where nobody sees it. */
import { type RefObject, useEffect } from "react";

export function useAlone(ref: RefObject<HTMLElement | null>, alone: boolean): void {
  useEffect(() => {
    const element = ref.current;
    if (!alone || !element) return;
    const covered: Element[] = [];
    // What hangs on the body itself, such as dialogs and messages, is above everything.
    for (let at: Element = element; at.parentElement && at.parentElement !== document.body; ) {
      const { parentElement } = at;
      for (const beside of parentElement.children)
        if (beside !== at && !beside.hasAttribute("inert")) covered.push(beside);
      at = parentElement;
    }
    for (const each of covered) each.setAttribute("inert", "");
    return () => {
      for (const each of covered) each.removeAttribute("inert");
    };
  }, [ref, alone]);
}
