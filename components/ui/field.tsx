"use client";

import { Field as BaseField } from "@base-ui/react/field";
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/cn";

export interface FieldProps {
  label: ReactNode;
  children: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  /** Keeps the label for screen readers only, where a column heading says the same. */
  hideLabel?: boolean;
  /** False for a `Select`, which isn't a native control. */
  nativeLabel?: boolean;
  className?: string;
}

/** A control with its label, a hint, and the error right below it. */
export function Field({
  label,
  children,
  hint,
  error,
  hideLabel = false,
  nativeLabel = true,
  className,
}: FieldProps) {
  return (
    <BaseField.Root invalid={Boolean(error)} className={cn("flex min-w-0 flex-col gap-1.5", className)}>
      <BaseField.Label
        nativeLabel={nativeLabel}
        {...(nativeLabel ? {} : { render: <div /> })}
        className={cn("text-sm font-medium text-ink", hideLabel && "sr-only")}
      >
        {label}
      </BaseField.Label>
      {children}
      {hint ? <BaseField.Description className="text-xs text-muted">{hint}</BaseField.Description> : null}
      {error ? <ErrorLine error={error} /> : null}
    </BaseField.Root>
  );
}

function ErrorLine({ error }: { error: string }) {
  return (
    <BaseField.Error match className="flex items-start gap-1.5 text-xs text-failed">
      <CircleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden="true" />
      <span>{error}</span>
    </BaseField.Error>
  );
}
