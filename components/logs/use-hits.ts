"use client";

/** Going from hit to hit of a search. Enter before the first one is found goes to it as soon as it is. */
import { useCallback, useEffect, useState } from "react";
import { placeOf } from "./search";
import type { LogSearch } from "./use-log-search";

export interface Hits {
  /** The line at which the search stands; 0 for none. */
  current: number;
  /** Its place among all hits, from 0; -1 for none. */
  place: number;
  step: (direction: 1 | -1) => void;
}

export function useHits({ found, searching }: LogSearch, show: (line: number) => void): Hits {
  const [line, setLine] = useState(0);
  const [wanted, setWanted] = useState(false);
  const next = placeOf(found, line);
  const place = found[next] === line ? next : -1;

  const go = useCallback(
    (to: number) => {
      setWanted(false);
      setLine(to);
      show(to);
    },
    [show],
  );
  const step = (direction: 1 | -1) => {
    if (found.length === 0) return setWanted(searching);
    const from = place === -1 && direction === 1 ? next - 1 : next;
    go(found[(from + direction + found.length) % found.length] ?? 0);
  };
  const first = found[0];
  useEffect(() => {
    if (wanted && first !== undefined) go(first);
  }, [wanted, first, go]);

  return { current: place === -1 ? 0 : line, place, step };
}
