"use client";

import { CircleSlash2 } from "lucide-react";
import { cancelSnapshot } from "@/app/actions/snapshots";
import { useAction } from "@/app/use-action";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import type { SnapshotWire } from "@/lib/snapshots/wire";

/** Ends the build. Until the worker has let go it says so, and by whom it was asked. */
export function CancelButton({
  snapshot: { id, cancelRequestedAt, cancelRequestedBy },
}: {
  snapshot: SnapshotWire;
}) {
  const cancel = useAction(cancelSnapshot);
  const asked = cancelRequestedAt !== null;
  const run = () =>
    cancel.mutate(
      { id },
      {
        onError: (error) =>
          toast({ kind: "failed", title: "The build was not cancelled.", description: error.message }),
      },
    );
  return (
    <Button
      variant="danger"
      icon={<CircleSlash2 />}
      pending={cancel.isPending || asked}
      onClick={run}
      title={asked ? `Asked by ${cancelRequestedBy}` : undefined}
    >
      {asked ? "Cancelling…" : "Cancel build"}
    </Button>
  );
}
