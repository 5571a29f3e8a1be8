"use client";

import { ChevronDown, Play } from "lucide-react";
import { profileState } from "@/components/profiles/profile-state";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import type { ProfileWire } from "@/lib/profiles/wire";
import { useStart } from "../../sessions/start/use-start";

/** Starts a session from the newest version that can, and goes to it; beside it, everything that can be chosen first. */
export function StartSessionButton({ profile }: { profile: ProfileWire }) {
  const session = useStart(profile);
  const { whyNot, start } = profileState(profile);
  const older = start && start.version !== profile.latestVersion ? start.version : null;
  return (
    <div className="flex gap-1">
      <Button
        variant="primary"
        icon={<Play />}
        pending={session.pending}
        disabledReason={whyNot}
        title={older ? `From version ${older}: version ${profile.latestVersion} isn't ready.` : undefined}
        onClick={session.start}
      >
        Start session
      </Button>
      {whyNot ? null : (
        <IconButton
          label="Start with version, name, lifetime…"
          icon={<ChevronDown />}
          onClick={session.ask}
        />
      )}
      {session.dialog}
    </div>
  );
}
