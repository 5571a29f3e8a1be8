"use client";

import { useQuery } from "@tanstack/react-query";
import { CirclePause } from "lucide-react";
import { useState } from "react";
import { setBackground } from "@/app/actions/schedules";
import { useAction } from "@/app/use-action";
import { IfMay } from "@/components/frame/user-context";
import { RelativeTime } from "@/components/time/relative-time";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { toast } from "@/components/ui/toast";
import { backgroundQuery } from "@/lib/schedules/queries";

/** Stops all refreshes that nobody asked for, and says who did, when and why. */
export function BackgroundPause() {
  const { data } = useQuery(backgroundQuery());
  const [asking, setAsking] = useState(false);
  const change = useAction(setBackground, ({ paused }) => {
    setAsking(false);
    toast({ title: paused ? "Background refreshes are paused." : "Background refreshes go on." });
  });
  if (data?.paused)
    return (
      <Notice
        kind="hot"
        title={`${data.by} paused all background refreshes`}
        actions={
          <IfMay needs="operator">
            <Button size="sm" pending={change.isPending} onClick={() => change.mutate({ paused: false })}>
              Let them go on
            </Button>
          </IfMay>
        }
      >
        {data.since ? <RelativeTime at={data.since} /> : null}
        {data.reason ? `: ${data.reason}` : "."} Refreshes that somebody asks for are built as ever.
      </Notice>
    );
  return (
    <IfMay needs="operator">
      <Button icon={<CirclePause />} className="self-end" onClick={() => setAsking(true)}>
        Pause all background refreshes
      </Button>
      {asking ? (
        <PauseDialog
          pending={change.isPending}
          error={change.error?.message}
          onPause={(reason) => change.mutate({ paused: true, reason })}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </IfMay>
  );
}

function PauseDialog({
  pending,
  error,
  onPause,
  onClose,
}: {
  pending: boolean;
  error: string | undefined;
  onPause: (reason: string) => void;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Pause all background refreshes?"
      description="What is due meanwhile is skipped, and each time is recorded with your reason. Builds that are queued or running go on."
      footer={
        <>
          <Button onClick={onClose}>Keep them going</Button>
          <Button variant="primary" pending={pending} onClick={() => onPause(reason)}>
            Pause refreshes
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {error ? <Notice kind="failed">{error}</Notice> : null}
        <Field label="Why" hint="Others read it on this page and in each record.">
          <Input value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}
