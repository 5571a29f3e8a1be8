"use client";

import { useCallback } from "react";
import { useMay } from "@/components/frame/user-context";
import { Console } from "@/components/sessions/console";
import { type OnOutput, streamExec } from "@/lib/commands/stream-exec";
import type { ExecRequest } from "@/lib/commands/wire";
import type { SessionWire } from "@/lib/sessions/wire";
import { useConsole } from "../../use-console";
import { closedReason } from "./closed-reason";

/** Runs what is typed in the session's container, one command at a time, shows what it prints while it runs, and keeps what came of it while the page is open. */
export function SessionConsole({ session }: { session: SessionWire }) {
  const { id } = session;
  const exec = useCallback(
    (request: ExecRequest, onOutput: OnOutput) => streamExec(id, request, onOutput),
    [id],
  );
  const ran = useConsole(exec);
  const closed = closedReason(session, useMay("operator"), "Running commands");
  return <Console {...ran} closed={closed} folder="the session's working folder" />;
}
