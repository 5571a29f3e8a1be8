"use client";

import { RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { refreshVersion } from "@/app/actions/snapshots";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import type { SnapshotWire } from "@/lib/snapshots/wire";

/** Prepares the version anew and goes to that build; when one is already on its way, to that one. */
export function RefreshButton({
  snapshot: { profile, version },
  label,
  mode,
  keepOnFailure = false,
}: {
  snapshot: SnapshotWire;
  label: ReactNode;
  mode: SnapshotWire["mode"];
  /** When a step fails, its container stays for a while. */
  keepOnFailure?: boolean;
}) {
  const router = useRouter();
  const may = useMay("operator");
  const refresh = useAction(refreshVersion, ({ snapshot, joined }) => {
    if (joined) toast({ title: `Snapshot #${snapshot.number} of version ${version} is already on its way.` });
    router.push(`/snapshots/${snapshot.id}`);
  });
  // A try has no version to refresh.
  if (!may || version === null) return null;
  const run = () =>
    refresh.mutate(
      { profile: profile.slug, version, mode, keepOnFailure },
      {
        onError: (error) =>
          toast({ kind: "failed", title: "Nothing was started.", description: error.message }),
      },
    );
  return (
    <Button
      variant={keepOnFailure ? "secondary" : "primary"}
      icon={<RefreshCw />}
      pending={refresh.isPending}
      onClick={run}
    >
      {label}
    </Button>
  );
}
