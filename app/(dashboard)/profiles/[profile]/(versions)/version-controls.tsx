"use client";

import { MoreHorizontal, PencilLine, Play } from "lucide-react";
import { useState } from "react";
import { versionState, whyNotUsable } from "@/components/profiles/version-state";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem } from "@/components/ui/menu";
import type { ProfileWire, VersionWire } from "@/lib/profiles/wire";
import { useStartSession } from "../../use-start-session";
import { NewDraft } from "../draft/new-draft";
import { RefreshControl } from "./refresh-control";

/** What an operator can do with a version. */
export function VersionControls({
  profile,
  slug,
  version,
}: {
  profile: ProfileWire;
  slug: string;
  version: VersionWire;
}) {
  const [drafting, setDrafting] = useState(false);
  const session = useStartSession();
  const whyNot = whyNotUsable(version.number, versionState(version));
  return (
    <>
      <RefreshControl profileId={profile.id} version={version} />
      <Menu
        trigger={
          <IconButton label={`Actions for version ${version.number}`} icon={<MoreHorizontal />} plain />
        }
      >
        <MenuItem
          icon={<Play />}
          disabled={whyNot !== null}
          onClick={() => session.mutate({ profile: profile.id, version: version.number })}
        >
          Start session from version {version.number}
        </MenuItem>
        <MenuItem icon={<PencilLine />} onClick={() => setDrafting(true)}>
          New draft from version {version.number}
        </MenuItem>
      </Menu>
      {drafting ? (
        <NewDraft
          slug={slug}
          from={version.number}
          replaces={profile.draft !== null}
          onClose={() => setDrafting(false)}
        />
      ) : null}
    </>
  );
}
