"use client";

import { CircleSlash2, RefreshCw } from "lucide-react";
import { cancelSnapshot, refreshVersion } from "@/app/actions/snapshots";
import { useAction } from "@/app/use-action";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import type { VersionWire } from "@/lib/profiles/wire";
import { isActive } from "@/lib/snapshots/state";

/** Refresh, or Cancel while one waits or runs. A second press joins the one that runs. */
export function RefreshControl({ profileId, version }: { profileId: string; version: VersionWire }) {
  const refresh = useAction(refreshVersion, ({ snapshot, joined }) =>
    toast({
      title: joined
        ? `Joined snapshot #${snapshot.number}, already ${snapshot.status}.`
        : `Snapshot #${snapshot.number} is queued.`,
      link: { href: `/snapshots/${snapshot.id}`, label: "Follow it" },
    }),
  );
  const cancel = useAction(cancelSnapshot);
  const latest = version.latestSnapshot;
  const refused = (title: string) => ({
    onError: (error: Error) => toast({ kind: "failed", title, description: error.message }),
  });
  if (latest && isActive(latest.status)) {
    const asked = cancel.variables?.id === latest.id && !cancel.isError;
    const cancelling = asked || latest.cancelRequestedAt !== null;
    return (
      <Button
        icon={<CircleSlash2 />}
        pending={cancelling}
        onClick={() =>
          cancel.mutate({ id: latest.id }, refused(`Snapshot #${latest.number} wasn't cancelled.`))
        }
      >
        {cancelling ? "Cancelling" : "Cancel"}
        <span className="sr-only"> snapshot {latest.number}</span>
      </Button>
    );
  }
  return (
    <Button
      icon={<RefreshCw />}
      pending={refresh.isPending}
      onClick={() =>
        refresh.mutate(
          { profile: profileId, version: version.number },
          refused(`Version ${version.number} wasn't refreshed.`),
        )
      }
    >
      Refresh
      <span className="sr-only"> version {version.number}</span>
    </Button>
  );
}
