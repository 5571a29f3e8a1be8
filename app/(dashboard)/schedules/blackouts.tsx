"use client";

import { useQuery } from "@tanstack/react-query";
import { Ban, Plus } from "lucide-react";
import { useState } from "react";
import { removeBlackout } from "@/app/actions/schedules";
import { useAction } from "@/app/use-action";
import { IfMay, useMay } from "@/components/frame/user-context";
import { BlackoutList } from "@/components/schedules/blackout-list";
import { DayTime } from "@/components/time/day-time";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import { toast } from "@/components/ui/toast";
import { blackoutWords } from "@/lib/schedules/blackout-words";
import { blackoutsQuery } from "@/lib/schedules/queries";
import { BlackoutDialog } from "./blackout-dialog";

/** The times in which no refresh starts by itself, and the one that holds now. */
export function Blackouts() {
  const { data, error } = useQuery(blackoutsQuery());
  const [adding, setAdding] = useState(false);
  const may = useMay("operator");
  const remove = useAction(removeBlackout, () => toast({ title: "The blackout is removed." }));
  const held = data?.now;
  return (
    <Section
      title="Blackouts"
      description="Times in which no refresh starts by itself. What is due meanwhile starts once, when the blackout is over. What people ask for is built as ever."
      actions={
        <IfMay needs="operator">
          <Button icon={<Plus />} onClick={() => setAdding(true)}>
            Add a blackout
          </Button>
        </IfMay>
      }
    >
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      {remove.error ? <Notice kind="failed">{remove.error.message}</Notice> : null}
      {held ? (
        <Notice kind="info" title="A blackout holds now">
          Refreshes start by themselves again <DayTime at={held.until} />
          {held.reason ? `. Why: ${held.reason}.` : "."}
        </Notice>
      ) : null}
      {data && data.windows.length === 0 ? (
        <p className="flex items-center gap-2 text-sm text-muted">
          <Ban className="size-4 shrink-0" aria-hidden="true" />
          There is none: schedules start at any time.
        </p>
      ) : null}
      {data && data.windows.length > 0 ? (
        <BlackoutList
          windows={data.windows}
          pending={remove.isPending ? blackoutWords({ reason: "", ...remove.variables }) : null}
          {...(may ? { onRemove: (window) => remove.mutate(window) } : {})}
        />
      ) : null}
      {adding ? <BlackoutDialog onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}
