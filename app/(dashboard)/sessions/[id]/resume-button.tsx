"use client";

import { Play } from "lucide-react";
import { resumeSession } from "@/app/actions/sessions";
import { useAction } from "@/app/use-action";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import type { SessionWire } from "@/lib/sessions/wire";

/** Takes up a stopped session with its files as they were. */
export function ResumeButton({ session: { id, status } }: { session: SessionWire }) {
  const resume = useAction(resumeSession);
  const resuming = status === "resuming";
  const run = () =>
    resume.mutate(
      { id },
      {
        onError: (error) =>
          toast({ kind: "failed", title: "The session was not resumed.", description: error.message }),
      },
    );
  return (
    <Button variant="primary" icon={<Play />} pending={resume.isPending || resuming} onClick={run}>
      {resuming ? "Resuming…" : "Resume"}
      <span className="-ml-0.5 max-sm:sr-only">{resuming ? "" : "session"}</span>
    </Button>
  );
}
