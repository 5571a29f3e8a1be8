"use client";

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { ShellEditor } from "@/components/shell-editor/shell-editor";
import type { SpecFieldsProps } from "./form-section";
import type { FormErrors } from "./spec-form";

const scripts = {
  setupScript: {
    label: "Setup script",
    note: "Runs once, in a fresh sandbox of the base image",
  },
  maintenanceScript: {
    label: "Maintenance script",
    note: "Runs on top of the serving snapshot in an incremental refresh. Empty: the setup script runs.",
  },
} as const;
type Script = keyof typeof scripts;
const names: readonly Script[] = ["setupScript", "maintenanceScript"];

/** The two scripts of a profile, one at a time in the same editor. */
export function ScriptFields({ form, errors, onEdit }: SpecFieldsProps) {
  const [script, setScript] = useState<Script>("setupScript");
  return (
    <ShellEditor
      {...scripts[script]}
      heading={<Choice script={script} onChoose={setScript} errors={errors} />}
      value={form[script]}
      onValueChange={(text) =>
        onEdit(script === "setupScript" ? { setupScript: text } : { maintenanceScript: text })
      }
      error={errors[script]}
    />
  );
}

function Choice({
  script,
  onChoose,
  errors,
}: {
  script: Script;
  onChoose: (script: Script) => void;
  errors: FormErrors;
}) {
  return (
    <ToggleGroup
      aria-label="Script"
      value={[script]}
      onValueChange={([chosen]: Script[]) => {
        if (chosen) onChoose(chosen);
      }}
      className="-ml-1.5 flex h-full gap-1"
    >
      {names.map((name) => (
        <Toggle
          key={name}
          value={name}
          className="-mb-px flex items-center gap-1 border-b-2 border-transparent px-1.5 font-normal whitespace-nowrap text-muted transition-colors -outline-offset-2 hover:text-ink data-pressed:border-ink data-pressed:font-medium data-pressed:text-ink"
        >
          {scripts[name].label}
          {errors[name] ? (
            <>
              <CircleAlert className="size-3.5 text-failed" aria-hidden="true" />
              <span className="sr-only">needs attention</span>
            </>
          ) : null}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
