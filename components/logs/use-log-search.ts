"use client";

/** Looks through the whole log, also what isn't in the page, and through new lines as they come. */
import { useDeferredValue, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { LogSearcher, noSearch, type SearchState } from "./log-searcher";
import type { LogView } from "./log-store";
import { isBroken, matcherOf, type SearchOptions } from "./search";

const GROWTH_MS = 500;

export interface LogSearch extends Pick<SearchState, "found" | "failed"> {
  matcher: RegExp | null;
  /** Lines remain to be looked through. */
  searching: boolean;
  broken: boolean;
  /** Somebody is about to search. */
  prepare: () => void;
}

const makeWorker = () => new Worker(new URL("./search-worker.ts", import.meta.url), { type: "module" });

/** @param url where the log's text is. */
export function useLogSearch(url: string, view: LogView, options: SearchOptions): LogSearch {
  const query = useDeferredValue(options.query);
  const { regex } = options;
  const matcher = useMemo(() => matcherOf({ query, regex }), [query, regex]);
  const [searcher] = useState(() => new LogSearcher(url, makeWorker));
  const latest = useSyncExternalStore(searcher.subscribe, searcher.view, () => noSearch);
  // What an earlier query found is nothing to step through: Enter would go to a hit of it.
  const state = query === options.query && latest.matcher === matcher ? latest : noSearch;
  const { count, cut } = view;

  // biome-ignore lint/correctness/useExhaustiveDependencies: growth is told below, and doesn't begin anew
  useEffect(() => searcher.look(matcher, count, cut), [searcher, matcher]);
  useEffect(() => {
    // What comes meanwhile is asked for in one go.
    const timer = setTimeout(() => searcher.grow(count, cut), GROWTH_MS);
    return () => clearTimeout(timer);
  }, [searcher, count, cut]);
  useEffect(() => () => searcher.close(), [searcher]);

  return {
    matcher,
    found: state.found,
    failed: state.failed,
    searching: query !== options.query || (matcher !== null && state.failed === null && state.upTo < count),
    broken: isBroken({ query, regex }),
    prepare: () => searcher.prepare(count, cut),
  };
}
