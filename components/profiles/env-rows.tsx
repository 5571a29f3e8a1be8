"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { FormSection, type SpecFieldsProps } from "./form-section";
import { newRowId } from "./spec-form";
import { VariableRows } from "./variable-rows";

/** The draft's environment variables. */
export function EnvRows({ form, errors, onEdit }: SpecFieldsProps) {
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
      <VariableRows
        rows={form.env}
        errorOf={({ id }, part) => errors[`env.${id}.${part}`]}
        onChange={(env) => onEdit({ env })}
      />
      {errors.env ? <p className="text-xs text-failed">{errors.env}</p> : null}
    </FormSection>
  );
}
