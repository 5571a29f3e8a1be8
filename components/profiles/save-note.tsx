"use client";

import { Check, CircleAlert, CloudOff } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/cn";
import { RelativeTime } from "@/components/time/relative-time";
import { Spinner } from "@/components/ui/spinner";

/** How the saving of a draft goes; what its page's store says. */
export type SaveFacts =
  | { kind: "saved"; at: string; by: string }
  | { kind: "dirty" | "saving" | "invalid" | "conflict" | "gone" }
  | { kind: "failed"; message: string };

/** "Saved 2 s ago", or why it isn't. */
export function SaveNote({ save, errors }: { save: SaveFacts; errors: number }) {
  switch (save.kind) {
    case "saved":
      return (
        <Line icon={<Check />}>
          Saved <RelativeTime at={save.at} />
        </Line>
      );
    case "dirty":
    case "saving":
      return <Line icon={<Spinner className="size-3.5" />}>Saving</Line>;
    case "invalid":
      return (
        <Line icon={<CircleAlert />} bad>
          Not saved: {errors} {errors === 1 ? "field needs" : "fields need"} attention
        </Line>
      );
    case "failed":
      return (
        <Line icon={<CloudOff />} bad>
          Not saved: {save.message} Tried again in a moment.
        </Line>
      );
    case "conflict":
    case "gone":
      return (
        <Line icon={<CircleAlert />} bad>
          Not saved: changed elsewhere
        </Line>
      );
  }
}

/** Changes are told politely; the age of the last save isn't, or a reader would hear it every second. */
function Line({ icon, bad = false, children }: { icon: ReactNode; bad?: boolean; children: ReactNode }) {
  return (
    <span
      role={bad ? "status" : undefined}
      className={cn(
        "inline-flex min-w-0 items-center gap-1.5 [&_svg]:size-3.5 [&_svg]:shrink-0",
        bad && "text-failed",
      )}
    >
      <span aria-hidden="true">{icon}</span>
      <span>{children}</span>
    </span>
  );
}
