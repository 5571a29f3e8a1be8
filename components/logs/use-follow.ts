"use client";

/**
 * Follows the tail until the reader scrolls away from it, and never yanks: only what the reader does with
 * wheel, finger or keys ends or begins it. Text that is being selected holds still, too. When the view's own
 * edge moves (a card appears above it), lines stay where they are on the screen.
 */
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";

const AT_END_PX = 4;
const intents = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

export function useFollow(
  scroller: RefObject<HTMLDivElement | null>,
  height: number,
  following: boolean,
  onFollowing: (following: boolean) => void,
): { leave: () => void } {
  const byReader = useRef(false);
  const state = useRef({ following, onFollowing });
  useLayoutEffect(() => {
    state.current = { following, onFollowing };
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a taller log is what there is to follow
  useLayoutEffect(() => {
    if (following && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [scroller, height, following]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const leaving = new AbortController();
    const options = { signal: leaving.signal, passive: true };
    let before = element.scrollTop;
    let edge = element.getBoundingClientRect().top + window.scrollY;
    const fromEnd = () => element.scrollHeight - element.clientHeight - element.scrollTop;
    const follow = (value: boolean) => {
      if (state.current.following !== value) state.current.onFollowing(value);
    };

    for (const intent of intents)
      element.addEventListener(
        intent,
        () => {
          byReader.current = true;
        },
        options,
      );
    element.addEventListener(
      "wheel",
      (event) => event.deltaY < 0 && element.scrollTop > 0 && follow(false),
      options,
    );
    element.addEventListener(
      "scroll",
      () => {
        const now = element.scrollTop;
        if (now < before - 1 && fromEnd() > AT_END_PX) follow(false);
        else if (now > before && fromEnd() <= AT_END_PX && byReader.current) follow(true);
        before = now;
      },
      // Before the rows are renewed for the new place, which would cost a layout in between.
      { ...options, capture: true },
    );
    document.addEventListener(
      "selectionchange",
      () => {
        const selection = document.getSelection();
        if (selection && !selection.isCollapsed && element.contains(selection.anchorNode)) follow(false);
      },
      options,
    );
    const resize = new ResizeObserver(() => {
      const now = element.getBoundingClientRect().top + window.scrollY;
      if (state.current.following) element.scrollTop = element.scrollHeight;
      else element.scrollTop += now - edge;
      edge = now;
      before = element.scrollTop;
    });
    resize.observe(element);
    return () => {
      leaving.abort();
      resize.disconnect();
    };
  }, [scroller]);

  return {
    /** The page itself goes elsewhere in the log: arriving at the end isn't the reader's wish to follow. */
    leave: () => {
      byReader.current = false;
    },
  };
}
