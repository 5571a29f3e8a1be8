"use client";

/**
 * Looks through all loaded lines in slices, so that typing stays quick, and through new ones as they come.
 * What was found is a growing list of line numbers.
 */
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import type { LogView } from "./log-store";
import { isBroken, matcherOf, type SearchOptions, searchLines } from "./search";

const SLICE_LINES = 20_000;

export interface LogSearch {
  matcher: RegExp | null;
  /** Numbers of matching lines, in order. */
  found: readonly number[];
  /** Lines remain to be looked through. */
  searching: boolean;
  broken: boolean;
}

const none: readonly number[] = [];

export function useLogSearch(view: LogView, options: SearchOptions): LogSearch {
  const query = useDeferredValue(options.query);
  const { regex } = options;
  const matcher = useMemo(() => matcherOf({ query, regex }), [query, regex]);
  const [result, setResult] = useState<{ matcher: RegExp | null; found: readonly number[]; upTo: number }>({
    matcher: null,
    found: none,
    upTo: 0,
  });
  const latest = useRef(result);
  const { lines, count } = view;

  useEffect(() => {
    if (!matcher) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const slice = () => {
      const before =
        latest.current.matcher === matcher && latest.current.upTo <= count
          ? latest.current
          : { found: none, upTo: 0 };
      const upTo = Math.min(count, before.upTo + SLICE_LINES);
      const fresh: number[] = [];
      searchLines(lines, before.upTo, upTo, matcher, fresh);
      latest.current = {
        matcher,
        found: fresh.length > 0 ? [...before.found, ...fresh] : before.found,
        upTo,
      };
      setResult(latest.current);
      if (upTo < count) timer = setTimeout(slice);
    };
    timer = setTimeout(slice);
    return () => clearTimeout(timer);
  }, [matcher, lines, count]);

  const current = matcher !== null && result.matcher === matcher;
  return {
    matcher,
    found: current ? result.found : none,
    searching: query !== options.query || (matcher !== null && (!current || result.upTo < count)),
    broken: isBroken({ query, regex }),
  };
}
