"use client";

import { useCallback, useState } from "react";
import type { ConsoleProps } from "@/components/sessions/console";
import type { ConsoleEntryState } from "@/components/sessions/console-entry";
import type { OnOutput } from "@/lib/commands/stream-exec";
import type { ExecAnswer, ExecRequest } from "@/lib/commands/wire";
import type { Result } from "@/lib/errors";

const TIMEOUT_SECONDS = 300;

type Outcome = { answer: ExecAnswer } | { error: string };

/**
 * What a console has run while its page is open. @param exec runs one command in the sandbox, and may say what it prints
 * while it runs; must be stable.
 */
export function useConsole(
  exec: (request: ExecRequest, onOutput: OnOutput) => Promise<Result<ExecAnswer>>,
): Pick<ConsoleProps, "entries" | "commands" | "onRun" | "onClear"> {
  const [entries, setEntries] = useState<readonly ConsoleEntryState[]>([]);
  const [clearedTo, setClearedTo] = useState(0);
  const onRun = useCallback(
    (command: string) => {
      const begun = Date.now();
      const id = begun;
      setEntries((before) => [
        ...before,
        { id, command, startedAt: new Date(begun).toISOString(), live: null, outcome: null },
      ]);
      const settle = (outcome: Outcome) =>
        setEntries((before) =>
          before.map((entry) =>
            entry.id === id ? { ...entry, outcome: { ...outcome, milliseconds: Date.now() - begun } } : entry,
          ),
        );
      const onOutput: OnOutput = (live) =>
        setEntries((before) =>
          before.map((entry) => (entry.id === id && entry.outcome === null ? { ...entry, live } : entry)),
        );
      exec({ command: ["sh", "-lc", command], timeoutSeconds: TIMEOUT_SECONDS }, onOutput).then(
        (result) => settle(result.ok ? { answer: result.value } : { error: result.error.message }),
        () => settle({ error: "Kiln couldn't be reached. The command may have run." }),
      );
    },
    [exec],
  );
  return {
    entries: entries.filter((entry) => entry.id > clearedTo),
    commands: entries.map((entry) => entry.command),
    onRun,
    onClear: () => setClearedTo(entries.findLast((entry) => entry.outcome !== null)?.id ?? clearedTo),
  };
}
