"use client";

import { CalendarClock, MoreHorizontal, PencilLine, Pin, PinOff, Play } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { pinVersion } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { versionState, whyNotUsable } from "@/components/profiles/version-state";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import type { ProfileWire, VersionWire } from "@/lib/profiles/wire";
import { useStart } from "../../../sessions/start/use-start";
import { NewDraft } from "../draft/new-draft";
import { RefreshControl } from "./refresh-control";
import { RefreshItems } from "./refresh-items";
import { useRefresh } from "./use-refresh";

/** Only whoever opens it needs what reads expressions. */
const ScheduleSheet = dynamic(() => import("./schedule-sheet").then((file) => file.ScheduleSheet));

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
  const [scheduling, setScheduling] = useState(false);
  const session = useStart(profile, version.number);
  const refreshing = useRefresh(profile.id, version);
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
      <RefreshControl version={version} refreshing={refreshing} />
      <Menu
        trigger={
          <IconButton label={`Actions for version ${version.number}`} icon={<MoreHorizontal />} plain />
        }
      >
        <RefreshItems version={version} refreshing={refreshing} />
        <MenuItem icon={<Play />} disabled={whyNot !== null} onClick={session.start}>
          Start session from version {version.number}
        </MenuItem>
        <MenuItem
          icon={version.pinned ? <PinOff /> : <Pin />}
          disabled={!version.pinned && whyNot !== null}
          onClick={togglePin}
        >
          {version.pinned ? "Unpin" : "Pin"} version {version.number}
        </MenuItem>
        <MenuItem icon={<CalendarClock />} onClick={() => setScheduling(true)}>
          {version.schedule ? "Change the schedule" : "Refresh on a schedule"}
        </MenuItem>
        <MenuItem icon={<PencilLine />} onClick={() => setDrafting(true)}>
          New draft from version {version.number}
        </MenuItem>
      </Menu>
      {refreshing.nothingServes ? (
        <p role="alert" className="max-w-72 basis-full text-xs text-failed sm:text-right">
          {refreshing.nothingServes}
        </p>
      ) : null}
      {session.dialog}
      {scheduling ? (
        <ScheduleSheet slug={slug} version={version} onClose={() => setScheduling(false)} />
      ) : null}
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
