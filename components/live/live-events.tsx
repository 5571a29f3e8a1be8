"use client";

import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { BegunLog, LogView } from "@/components/logs/log-store";
import { Live } from "./live";

const LiveContext = createContext<Live | null>(null);

/** Owns the tab's one event stream. Mounted once, in the dashboard's layout, inside the query client. */
export function LiveEvents({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const [live] = useState(() => new Live(queryClient));
  useEffect(() => live.start(), [live]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error("LiveEvents is missing around this page.");
  return live;
}

/** The log of a snapshot, which the stream carries on from where it was begun while this is mounted. */
export function useFollowLog(snapshotId: string, begun: BegunLog): LogView {
  const live = useLive();
  const store = live.logOf(snapshotId, begun);
  useEffect(() => live.connection.follow(snapshotId, store), [live, snapshotId, store]);
  // What the server draws is what the page begins with: the log is there before any script is.
  return useSyncExternalStore(store.subscribe, store.view, store.begunView);
}

/** Is the stream open? On the server, and until a page has tried, it is taken to be. */
export function useConnected(): boolean {
  const { connection } = useLive();
  return useSyncExternalStore(connection.subscribe, connection.connected, () => true);
}
