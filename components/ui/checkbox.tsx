"use client";

import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { Check } from "lucide-react";
import type { ReactNode } from "react";

export interface CheckboxProps {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  label: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
}

/** A checkbox with its label, which is part of the target. */
export function Checkbox({ checked, onCheckedChange, label, hint, disabled = false }: CheckboxProps) {
  return (
    // The box is a control of Base UI's, which renders the input that this label labels.
    // biome-ignore lint/a11y/noLabelWithoutControl: see above
    <label className="flex min-h-6 items-start gap-2 text-sm">
      <BaseCheckbox.Root
        checked={checked}
        onCheckedChange={onCheckedChange}
        disabled={disabled}
        className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-sm border border-control bg-surface transition-colors data-checked:border-ink data-checked:bg-ink data-disabled:opacity-50"
      >
        <BaseCheckbox.Indicator className="text-on-ink data-unchecked:hidden">
          <Check className="size-3" strokeWidth={3} aria-hidden="true" />
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <span>
        {label}
        {hint ? <span className="block text-xs text-muted">{hint}</span> : null}
      </span>
    </label>
  );
}
