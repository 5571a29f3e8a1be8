"use client";

import { Trash2 } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { Panel } from "@/components/ui/panel";
import { blackoutWords, windowWords } from "@/lib/schedules/blackout-words";
import type { BlackoutWindow } from "@/lib/schedules/wire";

/** Each blackout in words, with its reason; without `onRemove` to read only. */
export function BlackoutList({
  windows,
  pending,
  onRemove,
}: {
  windows: readonly BlackoutWindow[];
  /** The one that is being removed, in words. */
  pending: string | null;
  onRemove?: (window: BlackoutWindow) => void;
}) {
  return (
    <Panel aria-label="All blackouts">
      <ul className="divide-y text-sm">
        {windows.map((window) => {
          const words = blackoutWords(window);
          return (
            <li key={words} className="flex items-center justify-between gap-4 px-4 py-2.5">
              <span className="min-w-0 wrap-anywhere">
                <span className="font-medium">{windowWords(window)}</span>
                {window.reason ? <span className="text-muted">: {window.reason}</span> : null}
              </span>
              {onRemove ? (
                <IconButton
                  label={`Remove ${words}`}
                  icon={<Trash2 />}
                  pending={pending === words}
                  onClick={() => onRemove(window)}
                />
              ) : null}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
