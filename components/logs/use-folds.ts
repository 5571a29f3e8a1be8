"use client";

/** What of a log is folded: steps and groups by what happened to them, until the reader says otherwise. */
import { useCallback, useMemo, useState } from "react";

export interface Folds {
  folded: ReadonlySet<string>;
  toggle: (key: string) => void;
  open: (key: string) => void;
  all: (keys: readonly string[], fold: boolean) => void;
}

/** @param byDefault the keys that are folded as long as nobody touched them. */
export function useFolds(byDefault: readonly string[]): Folds {
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const keys = [
    ...byDefault.filter((key) => chosen.get(key) ?? true),
    ...[...chosen].flatMap(([key, fold]) => (fold && !byDefault.includes(key) ? [key] : [])),
  ];
  const signature = keys.join("\n");
  const folded = useMemo(() => new Set(signature.split("\n")), [signature]);
  const choose = useCallback(
    (key: string, fold: boolean) => setChosen((before) => new Map(before).set(key, fold)),
    [],
  );
  return {
    folded,
    toggle: useCallback((key) => choose(key, !folded.has(key)), [choose, folded]),
    open: useCallback((key) => choose(key, false), [choose]),
    all: useCallback((every, fold) => setChosen(new Map(every.map((key) => [key, fold]))), []),
  };
}
