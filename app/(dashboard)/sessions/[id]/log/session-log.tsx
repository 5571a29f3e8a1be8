"use client";

import { useMay } from "@/components/frame/user-context";
import { ContainerLog } from "@/components/sessions/container-log";
import { Notice } from "@/components/ui/notice";
import type { SessionWire } from "@/lib/sessions/wire";
import { closedReason } from "../closed-reason";
import { useContainerLog } from "./use-container-log";

const words = {
  connecting: "Connecting",
  following: "Following",
  away: "Not connected; it tries again by itself",
};

/** What the container itself prints, live. */
export function SessionLog({ session }: { session: SessionWire }) {
  const closed = closedReason(session, useMay("operator"), "Reading its log");
  const { lines, state } = useContainerLog(session.id, closed === null);
  if (closed)
    return (
      <div className="p-4">
        <Notice kind="info">{closed}</Notice>
      </div>
    );
  return <ContainerLog lines={lines} state={state.kind === "ended" ? state.message : words[state.kind]} />;
}
