"use client";

import { type UIEvent, useCallback, useLayoutEffect, useRef } from "react";

/** Nearer to the end than this, one wants to see what comes. */
const NEAR_PX = 24;

/**
 * What is scrolled stays at its end while more comes, until somebody scrolls away from there; back at the end it goes on.
 * @param content what is in it: another one is more to be seen
 */
export function useStayAtEnd(content: unknown) {
  const ref = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: more of the content is what is to be seen
  useLayoutEffect(() => {
    if (ref.current && atEnd.current) ref.current.scrollTop = ref.current.scrollHeight;
  }, [content]);
  const onScroll = useCallback(({ currentTarget }: UIEvent<HTMLDivElement>) => {
    const { scrollTop, scrollHeight, clientHeight } = currentTarget;
    atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }, []);
  /** Whoever asked for what comes next wants to see it. */
  const goOn = useCallback(() => {
    atEnd.current = true;
  }, []);
  return { scroller: { ref, onScroll }, goOn };
}
