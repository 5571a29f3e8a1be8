"use client";

import { useMay } from "@/components/frame/user-context";
import { isActive } from "@/lib/snapshots/state";
import { ServeButton } from "../serve-button";
import { CancelButton } from "./cancel-button";
import { RefreshButton } from "./refresh-button";
import { TryAgainButton } from "./try-again-button";
import { useSnapshot } from "./use-snapshot";

/** What can be done about it now; the primary action last. */
export function SnapshotActions({ id }: { id: string }) {
  const snapshot = useSnapshot(id);
  if (!useMay("operator")) return null;
  if (isActive(snapshot.status)) return <CancelButton snapshot={snapshot} />;
  if (snapshot.version === null)
    return snapshot.status === "cancelled" ? <TryAgainButton slug={snapshot.profile.slug} /> : null;
  // A failed one has its Retry in the card that says why.
  return snapshot.failure ? null : (
    <>
      <ServeButton snapshot={snapshot} />
      <RefreshButton
        snapshot={snapshot}
        label={
          <span>
            Refresh<span className="max-sm:sr-only"> snapshot</span>
          </span>
        }
        mode="full"
      />
    </>
  );
}
