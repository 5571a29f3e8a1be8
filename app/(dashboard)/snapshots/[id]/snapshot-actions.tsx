"use client";

import { useMay } from "@/components/frame/user-context";
import { isActive } from "@/lib/snapshots/state";
import { CancelButton } from "./cancel-button";
import { RefreshButton } from "./refresh-button";
import { useSnapshot } from "./use-snapshot";

/** The page's one primary action: what can be done about it now. */
export function SnapshotActions({ id }: { id: string }) {
  const snapshot = useSnapshot(id);
  if (!useMay("operator")) return null;
  if (isActive(snapshot.status)) return <CancelButton snapshot={snapshot} />;
  // A failed one has its Retry in the card that says why.
  return snapshot.failure ? null : <RefreshButton snapshot={snapshot} label="Refresh snapshot" />;
}
