"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useMay } from "@/components/frame/user-context";
import { SessionFacts, SessionSummary } from "@/components/sessions/session-summary";
import { Tabs } from "@/components/ui/tabs";
import type { SessionWire } from "@/lib/sessions/wire";
import { TerminalTabs } from "../../terminal/terminal-tabs";
import { SessionActivity } from "./activity/session-activity";
import { closedReason } from "./closed-reason";
import { SessionFiles } from "./files/session-files";
import { KeepLonger } from "./keep-longer";
import { SessionLog } from "./log/session-log";
import { Persisted } from "./persisted";
import { SessionConsole } from "./session-console";
import { useSession } from "./use-session";

const parts = ["terminal", "commands", "files", "activity", "log", "details"] as const;

/** The summary on top, and what can be done in the session under it, a tab each: its address names the tab. */
export function SessionView({ id }: { id: string }) {
  const session = useSession(id);
  const closed = closedReason(session, useMay("operator"), "A terminal");
  const [part, setPart] = useQueryState("tab", parseAsStringLiteral(parts).withDefault("terminal"));
  return (
    <div className="flex flex-1 flex-col lg:h-[calc(100dvh-3.25rem)] lg:flex-none">
      <SessionSummary session={session} life={<KeepLonger session={session} />} />
      <div className="flex h-[calc(100dvh-17.5rem)] min-h-90 flex-col lg:h-auto lg:min-h-0 lg:flex-1">
        <Tabs
          label="Session"
          value={part}
          onChange={(next) => setPart(next)}
          tabs={[
            {
              value: "terminal",
              label: "Terminal",
              content: <TerminalTabs whose={{ kind: "session", id }} closed={closed} />,
            },
            { value: "commands", label: "Commands", content: <SessionConsole session={session} /> },
            { value: "files", label: "Files", content: <SessionFiles session={session} /> },
            { value: "activity", label: "Activity", content: <SessionActivity session={session} /> },
            { value: "log", label: "Container log", content: <SessionLog session={session} /> },
            { value: "details", label: "Details", content: <Details session={session} /> },
          ]}
        />
      </div>
    </div>
  );
}

function Details({ session }: { session: SessionWire }) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {session.persistent ? <Persisted session={session} /> : null}
      <SessionFacts session={session} />
    </div>
  );
}
