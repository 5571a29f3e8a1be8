"use client";

import { Plus, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { parseDotEnv } from "./dot-env";
import { FormSection, type SpecFieldsProps } from "./form-section";
import { type EnvRow, newRowId } from "./spec-form";

/** Environment variables, a row each. Pasting a whole `.env` into a name fills as many rows as it has. */
export function EnvRows({ form, errors, onEdit }: SpecFieldsProps) {
  const change = (id: string, change: Partial<EnvRow>) =>
    onEdit({ env: form.env.map((row) => (row.id === id ? { ...row, ...change } : row)) });
  const paste = (id: string, text: string) => {
    const rows = parseDotEnv(text);
    if (rows.length === 0) return false;
    onEdit({ env: form.env.flatMap((row) => (row.id === id ? rows : [row])) });
    return true;
  };
  return (
    <FormSection
      title="Environment"
      hint="In the setup script and in every session. Not for secrets: they are readable to all who see the profile."
      action={
        <Button
          size="sm"
          icon={<Plus />}
          onClick={() => onEdit({ env: [...form.env, { id: newRowId(), key: "", value: "" }] })}
        >
          Add
          <span className="sr-only"> variable</span>
        </Button>
      }
    >
      {form.env.length > 0 ? (
        <ul className="flex flex-col gap-2">
          {form.env.map((row, index) => (
            <li key={row.id} className="flex items-start gap-2">
              <Field
                label={`Name of variable ${index + 1}`}
                hideLabel
                error={errors[`env.${row.id}.key`]}
                className="flex-2"
              >
                <Input
                  mono
                  placeholder="NAME"
                  spellCheck={false}
                  autoCapitalize="off"
                  autoFocus={row.key === "" && row.value === ""}
                  value={row.key}
                  onChange={(event) => change(row.id, { key: event.target.value })}
                  onPaste={(event) => {
                    if (paste(row.id, event.clipboardData.getData("text"))) event.preventDefault();
                  }}
                />
              </Field>
              <Field
                label={`Value of variable ${index + 1}`}
                hideLabel
                error={errors[`env.${row.id}.value`]}
                className="flex-3"
              >
                <Input
                  mono
                  placeholder="value"
                  spellCheck={false}
                  value={row.value}
                  onChange={(event) => change(row.id, { value: event.target.value })}
                />
              </Field>
              <IconButton
                label={`Remove ${row.key || `variable ${index + 1}`}`}
                icon={<X />}
                onClick={() => onEdit({ env: form.env.filter(({ id }) => id !== row.id) })}
              />
            </li>
          ))}
        </ul>
      ) : null}
      {errors.env ? <p className="text-xs text-failed">{errors.env}</p> : null}
    </FormSection>
  );
}
