"use client";

import { SessionFacts, SessionSummary } from "@/components/sessions/session-summary";
import { KeepLonger } from "./keep-longer";
import { Persisted } from "./persisted";
import { SessionConsole } from "./session-console";
import { useSession } from "./use-session";

/** The summary beside the console. Where there is no room: the summary, the console, the details. */
export function SessionView({ id }: { id: string }) {
  const session = useSession(id);
  return (
    <div className="flex flex-1 flex-col lg:grid lg:h-[calc(100dvh-3.25rem)] lg:flex-none lg:grid-cols-[17.5rem_minmax(0,1fr)] lg:grid-rows-[auto_minmax(0,1fr)]">
      <div className="lg:max-h-[60dvh] lg:overflow-y-auto lg:border-r">
        <SessionSummary session={session} life={<KeepLonger session={session} />} />
      </div>
      <div className="flex h-[60dvh] min-w-0 flex-col border-t lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:h-auto lg:min-h-0 lg:border-t-0">
        <SessionConsole session={session} />
      </div>
      <div className="lg:col-start-1 lg:row-start-2 lg:overflow-y-auto lg:border-r">
        {session.persistent ? <Persisted session={session} /> : null}
        <SessionFacts session={session} />
      </div>
    </div>
  );
}
