"use client";

/** How many characters fit beside the gutter: what a wrapped line's height is worked out from. */
import { type RefObject, useLayoutEffect, useState } from "react";

const PROBE_CHARACTERS = 10;
export const probeText = "0".repeat(PROBE_CHARACTERS);

/** @param probe a hidden row like all others, whose text is `probeText`. */
export function useColumns(probe: RefObject<HTMLDivElement | null>): number {
  const [columns, setColumns] = useState(100);
  useLayoutEffect(() => {
    const element = probe.current;
    const text = element?.firstElementChild;
    if (!element || !text) return;
    const measure = () => {
      const one = text.getBoundingClientRect().width / PROBE_CHARACTERS;
      if (one > 0) setColumns(Math.max(10, Math.floor(element.clientWidth / one)));
    };
    measure();
    const resize = new ResizeObserver(measure);
    resize.observe(element);
    return () => resize.disconnect();
  }, [probe]);
  return columns;
}
