"use client";

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { Check } from "lucide-react";
import { dayNames } from "@/lib/schedules/blackout-words";

const fullNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** Any number of the days of a week; Monday is 1. */
export function DayChips({
  label,
  value,
  onValueChange,
}: {
  label: string;
  value: readonly number[];
  onValueChange: (days: number[]) => void;
}) {
  return (
    <ToggleGroup
      multiple
      aria-label={label}
      value={value.map(String)}
      onValueChange={(days: string[]) => onValueChange(days.map(Number).toSorted())}
      className="flex flex-wrap gap-1.5"
    >
      {dayNames.map((name, place) => (
        <Toggle
          key={name}
          value={String(place + 1)}
          aria-label={fullNames[place]}
          className="group inline-flex h-8 items-center gap-1 rounded-full border border-border-strong px-3 text-xs font-medium text-muted transition-colors hover:bg-hover hover:text-ink data-pressed:border-ink data-pressed:bg-ink data-pressed:text-on-ink"
        >
          <Check className="hidden size-3 group-data-pressed:block" aria-hidden="true" />
          {name}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
