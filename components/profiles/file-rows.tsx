"use client";

import { Plus, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { FormSection, type SpecFieldsProps } from "./form-section";
import { type FileRow, newRowId } from "./spec-form";

/** Files that are written before the setup script runs. */
export function FileRows({ form, errors, onEdit }: SpecFieldsProps) {
  const change = (id: string, change: Partial<FileRow>) =>
    onEdit({ files: form.files.map((row) => (row.id === id ? { ...row, ...change } : row)) });
  return (
    <FormSection
      title="Files"
      hint="Written before the setup script runs."
      action={
        <Button
          size="sm"
          icon={<Plus />}
          onClick={() =>
            onEdit({ files: [...form.files, { id: newRowId(), path: "", mode: "0644", content: "" }] })
          }
        >
          Add
          <span className="sr-only"> file</span>
        </Button>
      }
    >
      {form.files.length > 0 ? (
        <ul className="flex flex-col gap-4">
          {form.files.map((row, index) => (
            <li key={row.id} className="flex flex-col gap-2">
              <div className="flex items-start gap-2">
                <Field
                  label={`Path of file ${index + 1}`}
                  hideLabel
                  error={errors[`files.${row.id}.path`]}
                  className="flex-1"
                >
                  <Input
                    mono
                    placeholder="/etc/motd"
                    spellCheck={false}
                    autoCapitalize="off"
                    autoFocus={row.path === "" && row.content === ""}
                    value={row.path}
                    onChange={(event) => change(row.id, { path: event.target.value })}
                  />
                </Field>
                <Field
                  label={`Mode of file ${index + 1}`}
                  hideLabel
                  error={errors[`files.${row.id}.mode`]}
                  className="w-20"
                >
                  <Input
                    mono
                    inputMode="numeric"
                    value={row.mode}
                    onChange={(event) => change(row.id, { mode: event.target.value })}
                  />
                </Field>
                <IconButton
                  label={`Remove ${row.path || `file ${index + 1}`}`}
                  icon={<X />}
                  onClick={() => onEdit({ files: form.files.filter(({ id }) => id !== row.id) })}
                />
              </div>
              <Field
                label={`Content of file ${index + 1}`}
                hideLabel
                error={errors[`files.${row.id}.content`]}
                className="mr-10"
              >
                <Textarea
                  mono
                  rows={3}
                  spellCheck={false}
                  placeholder="Content"
                  value={row.content}
                  onChange={(event) => change(row.id, { content: event.target.value })}
                />
              </Field>
            </li>
          ))}
        </ul>
      ) : null}
      {errors.files ? <p className="text-xs text-failed">{errors.files}</p> : null}
    </FormSection>
  );
}
