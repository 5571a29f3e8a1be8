"use client";

/** Which steps of a log are folded: by what happened to them, until the reader says otherwise. */
import { useCallback, useMemo, useState } from "react";
import type { LogSection } from "./log-store";

export interface Folds {
  folded: ReadonlySet<string>;
  toggle: (key: string) => void;
  open: (key: string) => void;
}

/** @param byDefault is a section folded as long as nobody touched it? Keep it stable. */
export function useFolds(
  sections: readonly LogSection[],
  byDefault: (section: LogSection) => boolean,
): Folds {
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const keys = sections
    .filter((section) => chosen.get(section.key) ?? byDefault(section))
    .map((section) => section.key);
  const signature = keys.join("\n");
  const folded = useMemo(() => new Set(signature.split("\n")), [signature]);
  const choose = useCallback(
    (key: string, fold: boolean) => setChosen((before) => new Map(before).set(key, fold)),
    [],
  );
  return {
    folded,
    toggle: (key) => choose(key, !folded.has(key)),
    open: useCallback((key) => choose(key, false), [choose]),
  };
}
