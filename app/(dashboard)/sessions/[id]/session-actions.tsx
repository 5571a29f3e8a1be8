"use client";

import { useMay } from "@/components/frame/user-context";
import { isActive, isResumable } from "@/lib/sessions/state";
import { DeleteButton } from "./delete-button";
import { ResumeButton } from "./resume-button";
import { StopButton } from "./stop-button";
import { useSession } from "./use-session";

/** What can be done about it now. */
export function SessionActions({ id }: { id: string }) {
  const session = useSession(id);
  if (!useMay("operator") || session.status === "deleted") return null;
  return (
    <>
      {isActive(session.status) && session.status !== "resuming" ? <StopButton session={session} /> : null}
      {isResumable(session) || session.status === "resuming" ? <ResumeButton session={session} /> : null}
      <DeleteButton session={session} />
    </>
  );
}
