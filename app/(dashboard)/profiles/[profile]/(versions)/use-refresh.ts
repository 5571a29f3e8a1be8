"use client";

import { refreshVersion } from "@/app/actions/snapshots";
import { useAction } from "@/app/use-action";
import { toast } from "@/components/ui/toast";
import type { VersionWire } from "@/lib/profiles/wire";

export interface RefreshChoice {
  mode?: "full" | "incremental";
  /** When a step fails, its container stays for a while. */
  keepOnFailure?: boolean;
}

export interface Refreshing {
  pending: boolean;
  /** Why there was nothing to build upon: stays beside the buttons until the next press. */
  nothingServes: string | null;
  refresh: (choice?: RefreshChoice) => void;
}

/** Refreshes a version; a second press joins the one that runs. */
export function useRefresh(profile: string, { number }: VersionWire): Refreshing {
  const { mutate, isPending, error } = useAction(refreshVersion, ({ snapshot, joined }) =>
    toast({
      title: joined
        ? `Joined snapshot #${snapshot.number}, already ${snapshot.status}.`
        : `Snapshot #${snapshot.number} is queued.`,
      link: { href: `/snapshots/${snapshot.id}`, label: "Follow it" },
    }),
  );
  return {
    pending: isPending,
    nothingServes: error?.code === "no_serving_snapshot" ? error.message : null,
    refresh: (choice = {}) =>
      mutate(
        { profile, version: number, ...choice },
        {
          onError: ({ code, message: description }) => {
            if (code !== "no_serving_snapshot")
              toast({ kind: "failed", title: `Version ${number} wasn't refreshed.`, description });
          },
        },
      ),
  };
}
