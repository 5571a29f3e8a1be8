"use client";

import { Square } from "lucide-react";
import { stopSession } from "@/app/actions/sessions";
import { useAction } from "@/app/use-action";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import type { SessionWire } from "@/lib/sessions/wire";

/** Ends the session's container; the session stays in the list. */
export function StopButton({ session: { id, status } }: { session: SessionWire }) {
  const stop = useAction(stopSession);
  const run = () =>
    stop.mutate(
      { id },
      {
        onError: (error) =>
          toast({ kind: "failed", title: "The session was not stopped.", description: error.message }),
      },
    );
  return (
    <Button icon={<Square />} pending={stop.isPending || status === "stopping"} onClick={run}>
      {status === "stopping" ? "Stopping…" : "Stop"}
      <span className="-ml-0.5 max-sm:sr-only">{status === "stopping" ? "" : "session"}</span>
    </Button>
  );
}
