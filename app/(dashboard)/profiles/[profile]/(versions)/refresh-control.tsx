"use client";

import { CircleSlash2, RefreshCw } from "lucide-react";
import { cancelSnapshot } from "@/app/actions/snapshots";
import { useAction } from "@/app/use-action";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import type { VersionWire } from "@/lib/profiles/wire";
import { isActive } from "@/lib/snapshots/state";
import type { Refreshing } from "./use-refresh";

/** Refresh in full, or Cancel while one waits or runs. */
export function RefreshControl({ version, refreshing }: { version: VersionWire; refreshing: Refreshing }) {
  const cancel = useAction(cancelSnapshot);
  const latest = version.latestSnapshot;
  if (latest && isActive(latest.status)) {
    const asked = cancel.variables?.id === latest.id && !cancel.isError;
    const cancelling = asked || latest.cancelRequestedAt !== null;
    return (
      <Button
        icon={<CircleSlash2 />}
        pending={cancelling}
        onClick={() =>
          cancel.mutate(
            { id: latest.id },
            {
              onError: (error) =>
                toast({
                  kind: "failed",
                  title: `Snapshot #${latest.number} wasn't cancelled.`,
                  description: error.message,
                }),
            },
          )
        }
      >
        {cancelling ? "Cancelling" : "Cancel"}
        <span className="sr-only"> snapshot {latest.number}</span>
      </Button>
    );
  }
  return (
    <Button icon={<RefreshCw />} pending={refreshing.pending} onClick={() => refreshing.refresh()}>
      Refresh
      <span className="sr-only"> version {version.number}</span>
    </Button>
  );
}
