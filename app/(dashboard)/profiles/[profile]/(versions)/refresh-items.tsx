"use client";

import { Container, Layers2 } from "lucide-react";
import { versionState } from "@/components/profiles/version-state";
import { MenuItem, MenuSeparator } from "@/components/ui/menu";
import type { VersionWire } from "@/lib/profiles/wire";
import type { Refreshing } from "./use-refresh";

/** The other ways to refresh a version, in its menu. */
export function RefreshItems({ version, refreshing }: { version: VersionWire; refreshing: Refreshing }) {
  const { serving, active } = versionState(version);
  const underway = active ? `#${active.number} is on its way.` : null;
  const script = version.spec.maintenanceScript.trim() === "" ? "setup script" : "maintenance script";
  const whyNot = underway ?? (serving ? null : "Nothing serves that it could be built upon.");
  return (
    <>
      <MenuItem
        icon={<Layers2 />}
        disabled={whyNot !== null || refreshing.pending}
        note={whyNot ?? `Runs the ${script} in it`}
        onClick={() => refreshing.refresh({ mode: "incremental" })}
      >
        {serving ? `Refresh on top of #${serving.number}` : "Refresh on top of what serves"}
      </MenuItem>
      <MenuItem
        icon={<Container />}
        disabled={underway !== null || refreshing.pending}
        note={underway}
        onClick={() => refreshing.refresh({ keepOnFailure: true })}
      >
        Refresh in full, keep the container if it fails
      </MenuItem>
      <MenuSeparator />
    </>
  );
}
