"use client";

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import type { ReactNode } from "react";

/** One of a few filters, as chips. Exactly one holds. */
export function ToggleChips<Value extends string>({
  label,
  value,
  onValueChange,
  options,
}: {
  label: string;
  value: Value;
  onValueChange: (value: Value) => void;
  options: ReadonlyArray<{ value: Value; label: ReactNode }>;
}) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={(next: Value[]) => {
        const [chosen] = next;
        if (chosen) onValueChange(chosen);
      }}
      className="flex flex-wrap gap-1.5"
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          className="inline-flex h-7 items-center gap-1.5 rounded-full border border-border-strong px-3 text-xs font-medium whitespace-nowrap text-muted transition-colors hover:bg-hover hover:text-ink data-pressed:border-ink data-pressed:bg-ink data-pressed:text-on-ink"
        >
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
