"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import type { Refusal } from "@/app/use-action";
import { SecretBoxes } from "@/components/profiles/secret-boxes";
import { newRowId } from "@/components/profiles/spec-form";
import { VariableRows } from "@/components/profiles/variable-rows";
import { Button } from "@/components/ui/button";
import { secretNamesQuery } from "@/lib/secrets/queries";
import { type StartForm, variableErrors } from "./start-form";

/** What the session's commands and terminals are given beyond what its version has. */
export function GivenFields({
  form,
  onEdit,
  error,
}: {
  form: StartForm;
  onEdit: (change: Partial<StartForm>) => void;
  error: Refusal | null;
}) {
  const { data: secrets } = useQuery(secretNamesQuery());
  const errors = variableErrors(form, (path) => error?.field(path));
  return (
    <div className="flex flex-col gap-3">
      <p className="text-xs text-muted">
        For all commands and terminals of this session. Secrets are taken as they are at that moment, and are
        masked in what commands print.
      </p>
      <VariableRows
        rows={form.variables}
        errorOf={({ id }, part) => (part === "key" ? errors[id] : undefined)}
        onChange={(variables) => onEdit({ variables })}
      />
      <div>
        <Button
          size="sm"
          icon={<Plus />}
          onClick={() => onEdit({ variables: [...form.variables, { id: newRowId(), key: "", value: "" }] })}
        >
          Add variable
        </Button>
      </div>
      {secrets && secrets.length > 0 ? (
        <fieldset className="flex max-h-48 min-w-0 flex-col gap-2 overflow-y-auto">
          <legend className="mb-2 text-sm font-medium">Secrets</legend>
          <SecretBoxes
            names={secrets}
            chosen={form.secrets}
            onChange={(chosen) => onEdit({ secrets: chosen })}
          />
        </fieldset>
      ) : null}
    </div>
  );
}
