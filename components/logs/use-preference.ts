"use client";

/** A choice about how logs are shown, kept in this browser. */
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** @param values all that are allowed; the first is the default. */
export function usePreference<Value extends string>(
  name: string,
  values: readonly [Value, ...Value[]],
): [Value, (value: Value) => void] {
  const key = `kiln.log.${name}`;
  const read = () => {
    const stored = window.localStorage.getItem(key);
    return values.find((value) => value === stored) ?? values[0];
  };
  const value = useSyncExternalStore(subscribe, read, () => values[0]);
  const set = (next: Value) => {
    window.localStorage.setItem(key, next);
    for (const listener of listeners) listener();
  };
  return [value, set];
}
