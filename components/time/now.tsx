"use client";

/**
 * One clock for the whole page. Everything that shows an age or a running duration reads it, so they all
 * tick together and a page of a hundred times has one timer. While the server's page is taken over, the
 * clock says what it said on the server, so both write the same words.
 */
import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let current = 0;

const read = () => Math.floor(Date.now() / 1000) * 1000;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    current = read();
    timer = setInterval(() => {
      current = read();
      for (const each of listeners) each();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function snapshot(): number {
  if (timer === undefined) current = read();
  return current;
}

const nothing = () => () => undefined;
const ServerNow = createContext(0);

/** Gives the clock the server's time of rendering. */
export function NowProvider({ now, children }: { now: number; children: ReactNode }) {
  return <ServerNow value={now}>{children}</ServerNow>;
}

/** The time in milliseconds, to the second while `live`, and standing still otherwise. */
export function useNow(live = true): number {
  const atServer = useContext(ServerNow);
  return useSyncExternalStore(live ? subscribe : nothing, snapshot, () => atServer);
}
