"use client";

import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import type { ProfileWire } from "@/lib/profiles/wire";
import { useStartSession } from "./use-start-session";

/** Only whoever wants more than a press needs the form. */
const StartDialog = dynamic(() => import("./start-dialog").then((file) => file.StartDialog));

/**
 * Starts a session of a profile at once, or asks first where there is something to choose: whether it is persistent.
 * @param version default: the newest usable one
 */
export function useStart(
  profile: ProfileWire,
  version?: number,
): { start: () => void; ask: () => void; pending: boolean; dialog: ReactNode } {
  const session = useStartSession();
  const [asking, setAsking] = useState(false);
  const mustAsk = profile.persistentPaths.length > 0;
  const ask = () => setAsking(true);
  return {
    ask,
    start: mustAsk
      ? ask
      : () => session.mutate({ profile: profile.id, ...(version === undefined ? {} : { version }) }),
    pending: session.isPending || session.isSuccess,
    dialog: asking ? (
      <StartDialog
        profile={profile}
        {...(version === undefined ? {} : { version })}
        onClose={() => setAsking(false)}
      />
    ) : null,
  };
}
