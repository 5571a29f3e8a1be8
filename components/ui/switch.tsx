"use client";

import { Switch as BaseSwitch } from "@base-ui/react/switch";
import type { ReactNode } from "react";

export interface SwitchProps {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  label: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
}

/** On or off, at once: for what takes effect without a save. */
export function Switch({ checked, onCheckedChange, label, hint, disabled = false }: SwitchProps) {
  return (
    // The switch is a control of Base UI's, which renders the input that this label labels.
    // biome-ignore lint/a11y/noLabelWithoutControl: see above
    <label className="flex min-h-6 items-start justify-between gap-4 text-sm">
      <span>
        {label}
        {hint ? <span className="block text-xs text-muted">{hint}</span> : null}
      </span>
      <BaseSwitch.Root
        checked={checked}
        onCheckedChange={onCheckedChange}
        disabled={disabled}
        className="mt-0.5 flex h-5 w-9 shrink-0 rounded-full border border-control bg-sunken p-0.5 transition-colors data-checked:border-ink data-checked:bg-ink data-disabled:opacity-50"
      >
        <BaseSwitch.Thumb className="aspect-square h-full rounded-full bg-muted transition-[translate,background-color] data-checked:translate-x-4 data-checked:bg-on-ink" />
      </BaseSwitch.Root>
    </label>
  );
}
