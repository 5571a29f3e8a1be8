"use client";

import { useCallback, useState } from "react";
import { execInSession } from "@/app/actions/sessions";
import { useMay } from "@/components/frame/user-context";
import { Console } from "@/components/sessions/console";
import type { ConsoleEntryState } from "@/components/sessions/console-entry";
import type { SessionWire } from "@/lib/sessions/wire";

const TIMEOUT_SECONDS = 300;

function closedReason({ status }: SessionWire, may: boolean): string | null {
  if (!may) return "Running commands takes an operator";
  if (status === "running") return null;
  return status === "queued" || status === "starting"
    ? "The session is starting"
    : `The session is ${status}`;
}

/** Runs what is typed in the session's container, one command at a time, and keeps what came of it while the page is open. */
export function SessionConsole({ session }: { session: SessionWire }) {
  const [entries, setEntries] = useState<readonly ConsoleEntryState[]>([]);
  const [clearedTo, setClearedTo] = useState(0);
  const may = useMay("operator");
  const { id: sessionId } = session;

  const run = useCallback(
    (command: string) => {
      const begun = Date.now();
      const id = begun;
      setEntries((before) => [
        ...before,
        { id, command, startedAt: new Date(begun).toISOString(), outcome: null },
      ]);
      const settle = (
        outcome:
          | { error: string }
          | Pick<Extract<ConsoleEntryState["outcome"], { answer: unknown }>, "answer">,
      ) =>
        setEntries((before) =>
          before.map((entry) =>
            entry.id === id ? { ...entry, outcome: { ...outcome, milliseconds: Date.now() - begun } } : entry,
          ),
        );
      execInSession({ id: sessionId, command: ["sh", "-lc", command], timeoutSeconds: TIMEOUT_SECONDS }).then(
        (result) => settle(result.ok ? { answer: result.value } : { error: result.error.message }),
        () => settle({ error: "Kiln couldn't be reached. The command may have run." }),
      );
    },
    [sessionId],
  );
  return (
    <Console
      entries={entries.filter((entry) => entry.id > clearedTo)}
      commands={entries.map((entry) => entry.command)}
      closed={closedReason(session, may)}
      onRun={run}
      onClear={() => setClearedTo(entries.findLast((entry) => entry.outcome !== null)?.id ?? clearedTo)}
    />
  );
}
