"use client";

import { Play } from "lucide-react";
import { useState } from "react";
import { profileState } from "@/components/profiles/profile-state";
import { Button } from "@/components/ui/button";
import type { ProfileWire } from "@/lib/profiles/wire";
import { StartDialog } from "../start-dialog";
import { useStartSession } from "../use-start-session";

/** Starts a session from the newest version that can, and goes to it. */
export function StartSessionButton({ profile }: { profile: ProfileWire }) {
  const session = useStartSession();
  const { whyNot, start } = profileState(profile);
  const older = start && start.version !== profile.latestVersion ? start.version : null;
  const [asking, setAsking] = useState(false);
  const choice = profile.persistentPaths.length > 0;
  return (
    <>
      <Button
        variant="primary"
        icon={<Play />}
        pending={!choice && (session.isPending || session.isSuccess)}
        disabledReason={whyNot}
        title={older ? `From version ${older}: version ${profile.latestVersion} isn't ready.` : undefined}
        onClick={() => (choice ? setAsking(true) : session.mutate({ profile: profile.id }))}
      >
        Start session
      </Button>
      {asking ? <StartDialog profile={profile} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
