"use client";

import { cn } from "@/components/cn";
import { lookOf } from "@/components/status/looks";
import { useNow } from "@/components/time/now";
import { formatDuration } from "@/lib/format";
import type { StepWire } from "@/lib/snapshots/wire";

const colors: Partial<Record<StepWire["status"], string>> = {
  running: "bg-running",
  done: "bg-ready",
  failed: "bg-failed",
};

/** The steps that ran, each as wide as it took long; a click goes to its first line. */
export function StepStrip({ steps, onJump }: { steps: readonly StepWire[]; onJump: (line: number) => void }) {
  const now = useNow(steps.some(({ status }) => status === "running"));
  const ran = steps.flatMap(({ name, title, status, startedAt, finishedAt, firstLine }) =>
    startedAt === null || firstLine === null
      ? []
      : [
          {
            ...{ name, title, status, firstLine, isOver: finishedAt !== null },
            took: Math.max(1, (finishedAt ? Date.parse(finishedAt) : now) - Date.parse(startedAt)),
          },
        ],
  );
  if (ran.length < 2) return null;
  return (
    <nav
      aria-label="Steps by their time"
      className="no-print flex h-6 shrink-0 gap-px border-b bg-surface px-2 sm:px-3"
    >
      {ran.map(({ name, title, status, firstLine, took, isOver }) => {
        const words = `${title}, ${lookOf({ of: "step", status }).word}, ${formatDuration(took, !isOver)}`;
        return (
          <button
            key={name}
            type="button"
            title={words}
            aria-label={words}
            onClick={() => onJump(firstLine)}
            style={{ flexGrow: took }}
            className="group flex h-6 min-w-6 basis-0 items-center -outline-offset-2"
          >
            <span
              className={cn(
                "w-full rounded-full opacity-70 transition-opacity group-hover:opacity-100",
                // Also without its colour.
                status === "failed" ? "h-3" : "h-1.5",
                colors[status] ?? "bg-queued",
              )}
            />
          </button>
        );
      })}
    </nav>
  );
}
