"use client";

import { Trash2 } from "lucide-react";
import { useCallback, useState } from "react";
import { execInKept, releaseKept } from "@/app/actions/snapshots";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { Console } from "@/components/sessions/console";
import { ClockTime } from "@/components/time/clock-time";
import { useNow } from "@/components/time/now";
import { Button } from "@/components/ui/button";
import { Tabs } from "@/components/ui/tabs";
import { toast } from "@/components/ui/toast";
import type { ExecRequest } from "@/lib/commands/wire";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { TerminalTabs } from "../../terminal/terminal-tabs";
import { useConsole } from "../../use-console";

/** The container of the step that failed, as long as it is kept: shells and commands in it, and the way to be rid of it. */
export function KeptConsole({ id, until }: { id: string; until: string }) {
  const may = useMay("operator");
  const over = useNow() >= Date.parse(until);
  const exec = useCallback((request: ExecRequest) => execInKept({ id, ...request }), [id]);
  const ran = useConsole(exec);
  const release = useAction(releaseKept);
  const remove = () =>
    release.mutate(
      { id },
      {
        onError: (error) =>
          toast({ kind: "failed", title: "The container was not removed.", description: error.message }),
      },
    );
  const [part, setPart] = useState<"terminal" | "commands">("terminal");
  const closed = over
    ? "Its time is over: it is being removed"
    : may
      ? null
      : "Running commands takes an operator";
  return (
    <section aria-labelledby="kept" className="flex h-112 shrink-0 flex-col border-t lg:h-88">
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-1.5 text-sm">
        <h2 id="kept" className="font-medium">
          The failed step's container
        </h2>
        <span className="text-muted">
          {over ? (
            "Being removed"
          ) : (
            <>
              Kept until <ClockTime at={until} />
            </>
          )}
        </span>
        {may && !over ? (
          <Button
            size="sm"
            icon={<Trash2 />}
            className="ml-auto"
            pending={release.isPending}
            onClick={remove}
          >
            Remove now
          </Button>
        ) : null}
      </div>
      <Tabs
        label="The failed step's container"
        value={part}
        onChange={setPart}
        tabs={[
          {
            value: "terminal",
            label: "Terminal",
            content: <TerminalTabs whose={{ kind: "snapshot", id }} closed={closed && `${closed}.`} />,
          },
          {
            value: "commands",
            label: "Commands",
            content: <Console {...ran} closed={closed} folder="the profile's working folder, as its user" />,
          },
        ]}
      />
    </section>
  );
}

/** What is said instead when it is gone, or wasn't there. */
export function keptNote({ kept, keepOnFailure, failure }: SnapshotWire): string | null {
  if (!failure || !keepOnFailure) return null;
  if (!kept) return "The container wasn't kept: the log says why, or no step ran in one.";
  return kept.gone ? "The failed step's container was kept for a while, and is removed now." : null;
}
