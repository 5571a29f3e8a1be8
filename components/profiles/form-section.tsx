import type { ReactNode } from "react";
import type { FormErrors, SpecForm } from "./spec-form";

/** What every part of the draft's form gets. */
export interface SpecFieldsProps {
  form: SpecForm;
  errors: FormErrors;
  onEdit: (change: Partial<SpecForm>) => void;
}

/** A part of the draft's form, under its heading. */
export function FormSection({
  title,
  hint,
  action,
  children,
}: {
  title: string;
  hint?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-3 border-t pt-4 xl:first:border-t-0 xl:first:pt-0">
      <legend className="sr-only">{title}</legend>
      <div className="flex items-start justify-between gap-3">
        <div>
          <p aria-hidden="true" className="text-sm font-semibold">
            {title}
          </p>
          {hint ? <p className="text-xs text-muted">{hint}</p> : null}
        </div>
        {action}
      </div>
      {children}
    </fieldset>
  );
}
