"use client";

import { X } from "lucide-react";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { parseDotEnv } from "./dot-env";
import type { EnvRow } from "./spec-form";

/** Environment variables, a row each. Pasting a whole `.env` into a name fills as many rows as it has. */
export function VariableRows({
  rows,
  errorOf,
  onChange,
}: {
  rows: EnvRow[];
  errorOf: (row: EnvRow, part: "key" | "value") => string | undefined;
  onChange: (rows: EnvRow[]) => void;
}) {
  const change = (id: string, change: Partial<EnvRow>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...change } : row)));
  const paste = (id: string, text: string) => {
    const pasted = parseDotEnv(text);
    if (pasted.length === 0) return false;
    onChange(rows.flatMap((row) => (row.id === id ? pasted : [row])));
    return true;
  };
  if (rows.length === 0) return null;
  return (
    <ul className="flex flex-col gap-4 sm:gap-2">
      {rows.map((row, index) => (
        <li key={row.id} className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-2 gap-y-1 sm:flex">
          <Field
            label={`Name of variable ${index + 1}`}
            hideLabel
            error={errorOf(row, "key")}
            className="sm:flex-2"
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
            error={errorOf(row, "value")}
            className="max-sm:col-start-1 sm:flex-3"
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
            className="max-sm:col-start-2 max-sm:row-start-1"
            onClick={() => onChange(rows.filter(({ id }) => id !== row.id))}
          />
        </li>
      ))}
    </ul>
  );
}
