"use client";

import { Select as BaseSelect } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import { cn } from "@/components/cn";
import { controlClass } from "./control-class";

export interface SelectOption<Value extends string> {
  value: Value;
  label: string;
  hint?: string;
  disabled?: boolean;
}

export interface SelectProps<Value extends string> {
  value: Value;
  onValueChange: (value: Value) => void;
  options: ReadonlyArray<SelectOption<Value>>;
  disabled?: boolean;
  className?: string;
  "aria-label"?: string;
}

/** One of a few values. Inside a `Field`, give that `nativeLabel={false}`. */
export function Select<Value extends string>({
  value,
  onValueChange,
  options,
  disabled = false,
  className,
  ...rest
}: SelectProps<Value>) {
  return (
    <BaseSelect.Root
      items={options.map((option) => ({ value: option.value, label: option.label }))}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onValueChange(next);
      }}
      disabled={disabled}
    >
      <BaseSelect.Trigger
        aria-label={rest["aria-label"]}
        className={cn(
          controlClass,
          "flex h-8 items-center justify-between gap-2 px-2.5 text-left select-none",
          className,
        )}
      >
        <BaseSelect.Value className="truncate" />
        <BaseSelect.Icon>
          <ChevronsUpDown className="size-3.5 text-muted" aria-hidden="true" />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <BaseSelect.Popup className="max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto rounded-md border border-border bg-raised p-1 shadow-float transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0">
            {options.map((option) => (
              <Option key={option.value} option={option} />
            ))}
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}

function Option<Value extends string>({ option }: { option: SelectOption<Value> }) {
  return (
    <BaseSelect.Item
      value={option.value}
      disabled={option.disabled ?? false}
      className="flex cursor-default items-start gap-2 rounded-sm py-1.5 pr-3 pl-2 text-sm outline-none select-none data-disabled:text-muted data-highlighted:bg-hover"
    >
      <span className="mt-0.5 size-4 shrink-0">
        <BaseSelect.ItemIndicator>
          <Check className="size-4" aria-hidden="true" />
        </BaseSelect.ItemIndicator>
      </span>
      <span className="min-w-0">
        <BaseSelect.ItemText>{option.label}</BaseSelect.ItemText>
        {option.hint ? <span className="block max-w-64 text-xs text-muted">{option.hint}</span> : null}
      </span>
    </BaseSelect.Item>
  );
}
