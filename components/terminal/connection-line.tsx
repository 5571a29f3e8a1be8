"use client";

import { CircleCheck, CircleX, Unplug } from "lucide-react";
import { useNow } from "@/components/time/now";
import { Button } from "@/components/ui/button";
import { Spinner } from "@/components/ui/spinner";
import type { ConnectionState } from "@/lib/terminals/connection";

/** How the connection is, in words, and what can be done about it. */
export function ConnectionLine({
  state,
  onRetry,
  onRestart,
}: {
  state: ConnectionState;
  onRetry: () => void;
  onRestart: () => void;
}) {
  return (
    <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-t bg-surface px-3 py-1 text-xs">
      <p role="status" className="flex min-w-0 flex-1 items-center gap-1.5 [&_svg]:size-3.5 [&_svg]:shrink-0">
        <Words state={state} />
      </p>
      {state.kind === "waiting" ? (
        <Button size="sm" onClick={onRetry}>
          Reconnect now
        </Button>
      ) : null}
      {state.kind === "ended" ? (
        <Button size="sm" onClick={onRestart}>
          Start a new shell
        </Button>
      ) : null}
    </div>
  );
}

function Words({ state }: { state: ConnectionState }) {
  switch (state.kind) {
    case "connecting":
      return (
        <>
          <Spinner /> Connecting…
        </>
      );
    case "connected":
      return (
        <>
          <CircleCheck className="text-ready" aria-hidden="true" /> Connected
        </>
      );
    case "waiting":
      return (
        <>
          <Unplug className="text-muted" aria-hidden="true" />
          <span>
            Not connected; the shell goes on. {state.why} <Again until={state.until} />
          </span>
        </>
      );
    case "ended":
      return (
        <>
          <CircleX className="text-muted" aria-hidden="true" /> {state.message}
        </>
      );
  }
}

/** Not announced each second. */
function Again({ until }: { until: number }) {
  const seconds = Math.max(1, Math.ceil((until - useNow(true)) / 1_000));
  return <span aria-hidden="true">Reconnecting in {seconds} s.</span>;
}
