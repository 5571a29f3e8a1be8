import type { ComponentProps } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { FormSection, type SpecFieldsProps } from "./form-section";

type NumberField = "cpus" | "memoryMb" | "pids" | "diskMb" | "setupSeconds";

const fields: ReadonlyArray<{
  name: NumberField;
  label: string;
  unit: string;
  inputMode: ComponentProps<"input">["inputMode"];
}> = [
  { name: "cpus", label: "CPUs", unit: "CPUs", inputMode: "decimal" },
  { name: "memoryMb", label: "Memory", unit: "MB", inputMode: "numeric" },
  { name: "pids", label: "Processes", unit: "at most", inputMode: "numeric" },
  { name: "diskMb", label: "Disk", unit: "MB", inputMode: "numeric" },
  { name: "setupSeconds", label: "Setup time limit", unit: "seconds", inputMode: "numeric" },
];

/** How much a sandbox may use, and how long its setup may take. */
export function LimitFields({ form, errors, onEdit }: SpecFieldsProps) {
  return (
    <FormSection title="Limits">
      <div className="grid gap-3 sm:grid-cols-2">
        {fields.map(({ name, label, unit, inputMode }) => (
          <Field key={name} label={label} error={errors[name]}>
            <div className="relative">
              <Input
                inputMode={inputMode}
                value={form[name]}
                onChange={(event) => onEdit({ [name]: event.target.value })}
                className="pr-18"
              />
              <span className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-xs text-muted">
                {unit}
              </span>
            </div>
          </Field>
        ))}
      </div>
    </FormSection>
  );
}
