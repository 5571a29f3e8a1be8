"use client";

import { SessionSummary } from "@/components/sessions/session-summary";
import { SessionConsole } from "./session-console";
import { useSession } from "./use-session";

/** The details beside the console, or above it where there is no room. */
export function SessionView({ id }: { id: string }) {
  const session = useSession(id);
  return (
    <div className="flex flex-1 flex-col lg:h-[calc(100dvh-3.25rem)] lg:flex-none lg:flex-row">
      <div className="lg:w-70 lg:shrink-0 lg:overflow-y-auto lg:border-r">
        <SessionSummary session={session} />
      </div>
      <div className="flex h-[calc(100dvh-6.75rem)] min-w-0 flex-col border-t lg:h-auto lg:min-h-0 lg:flex-1 lg:border-t-0">
        <SessionConsole session={session} />
      </div>
    </div>
  );
}
