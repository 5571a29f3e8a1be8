"use client";

import { MoreHorizontal, PencilLine, Pin, PinOff, Play } from "lucide-react";
import { useState } from "react";
import { pinVersion } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { versionState, whyNotUsable } from "@/components/profiles/version-state";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
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
  const pin = useAction(pinVersion, ({ number, pinned, servingSnapshot }) =>
    toast({
      title: pinned
        ? `Version ${number} is pinned to #${servingSnapshot?.number}.`
        : `Version ${number} follows its refreshes again.`,
    }),
  );
  const togglePin = () =>
    pin.mutate(
      { profile: profile.id, version: version.number, pinned: !version.pinned },
      {
        onError: (error) =>
          toast({ kind: "failed", title: "Nothing was changed.", description: error.message }),
      },
    );
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
        <MenuItem
          icon={version.pinned ? <PinOff /> : <Pin />}
          disabled={!version.pinned && whyNot !== null}
          onClick={togglePin}
        >
          {version.pinned ? "Unpin" : "Pin"} version {version.number}
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
