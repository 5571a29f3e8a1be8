"use client";

import { Plus, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { FormSection, type SpecFieldsProps } from "./form-section";
import { RepositorySecret } from "./repository-secret";
import { newRowId, type RepositoryRow } from "./spec-form";

/** Git repositories that are cloned before the setup script runs, a row each. */
export function RepositoryRows({
  form,
  errors,
  onEdit,
  secrets,
}: SpecFieldsProps & { secrets: readonly string[] | undefined }) {
  const change = (id: string, change: Partial<RepositoryRow>) =>
    onEdit({ repositories: form.repositories.map((row) => (row.id === id ? { ...row, ...change } : row)) });
  return (
    <FormSection
      title="Repositories"
      hint="Cloned with git before the setup script runs. The image needs git: add it to the apt packages. A secret is given to the clone alone."
      action={
        <Button
          size="sm"
          icon={<Plus />}
          onClick={() =>
            onEdit({
              repositories: [
                ...form.repositories,
                { id: newRowId(), url: "", ref: "", path: "", secret: "" },
              ],
            })
          }
        >
          Add
          <span className="sr-only"> repository</span>
        </Button>
      }
    >
      {form.repositories.length > 0 ? (
        <ul className="flex flex-col gap-4">
          {form.repositories.map((row, index) => (
            <li key={row.id} className="flex flex-col gap-2">
              <div className="flex items-start gap-2">
                <Field
                  label={`Address of repository ${index + 1}`}
                  hideLabel
                  error={errors[`repositories.${row.id}.url`]}
                  className="flex-1"
                >
                  <Input
                    mono
                    placeholder="https://example.com/team/project.git"
                    spellCheck={false}
                    autoCapitalize="off"
                    autoFocus={row.url === "" && row.path === ""}
                    value={row.url}
                    onChange={(event) => change(row.id, { url: event.target.value })}
                  />
                </Field>
                <IconButton
                  label={`Remove ${row.url || `repository ${index + 1}`}`}
                  icon={<X />}
                  onClick={() =>
                    onEdit({ repositories: form.repositories.filter(({ id }) => id !== row.id) })
                  }
                />
              </div>
              <div className="mr-10 flex items-start gap-2">
                <Field
                  label={`Path of repository ${index + 1}`}
                  hideLabel
                  error={errors[`repositories.${row.id}.path`]}
                  className="flex-1"
                >
                  <Input
                    mono
                    placeholder="/workspace/project"
                    spellCheck={false}
                    autoCapitalize="off"
                    value={row.path}
                    onChange={(event) => change(row.id, { path: event.target.value })}
                  />
                </Field>
                <Field
                  label={`Ref of repository ${index + 1}`}
                  hideLabel
                  error={errors[`repositories.${row.id}.ref`]}
                  className="flex-1"
                >
                  <Input
                    mono
                    placeholder="default branch"
                    spellCheck={false}
                    autoCapitalize="off"
                    value={row.ref}
                    onChange={(event) => change(row.id, { ref: event.target.value })}
                  />
                </Field>
              </div>
              <div className="mr-10">
                <RepositorySecret
                  label={`Secret of repository ${index + 1}`}
                  value={row.secret}
                  error={errors[`repositories.${row.id}.secret`]}
                  known={secrets}
                  onChange={(secret) => change(row.id, { secret })}
                />
              </div>
            </li>
          ))}
        </ul>
      ) : null}
      {errors.repositories ? <p className="text-xs text-failed">{errors.repositories}</p> : null}
    </FormSection>
  );
}
