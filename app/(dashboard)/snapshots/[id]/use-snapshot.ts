"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { snapshotQuery } from "@/lib/snapshots/queries";
import type { SnapshotWire } from "@/lib/snapshots/wire";

/** The page's snapshot: here since the page is, and moved by the event stream. */
export function useSnapshot(id: string): SnapshotWire {
  return useSuspenseQuery(snapshotQuery(id)).data;
}
