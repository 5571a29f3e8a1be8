"use client";

import { useQuery } from "@tanstack/react-query";
import { AnsiText } from "@/components/logs/ansi-text";
import { StepBar } from "@/components/status/step-bar";
import { logTailQuery } from "@/lib/snapshots/queries";
import type { SnapshotWire } from "@/lib/snapshots/wire";

const SHOWN_LINES = 4;

/** A build that waits or runs: its steps as a thin line, and the last things it said. */
export function BuildProgress({ snapshot }: { snapshot: SnapshotWire }) {
  const step = snapshot.steps.find(({ status }) => status === "running");
  const doing = snapshot.cancelRequestedAt ? "Being cancelled" : step ? step.title : "Waiting for a worker";
  const { data } = useQuery(logTailQuery(snapshot.id, SHOWN_LINES));
  const lines = data ?? [{ line: snapshot.log.lines, text: snapshot.log.lastLine }];
  return (
    <div className="flex max-w-2xl flex-col gap-1.5">
      <StepBar steps={snapshot.steps} />
      <p className="text-xs font-medium text-ink">{doing}</p>
      {/* As tall as it will be: the list below doesn't jump with the first lines. */}
      <div className="flex h-20 flex-col justify-end overflow-hidden rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs leading-4.5 text-muted">
        {lines.map(({ line, text }) => (
          <p key={line} className="truncate">
            <AnsiText text={text} />
          </p>
        ))}
      </div>
    </div>
  );
}
