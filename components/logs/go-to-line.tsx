"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { formatCount } from "@/lib/format";
import { type LineRange, parseTyped } from "./line-range";

const FORM = "go-to-line";

/** Goes to a line, or chooses several, by their numbers: what a press on a line's number does, for a keyboard. */
export function GoToLine({
  lines,
  onGo,
  onClose,
}: {
  /** How many there are. */
  lines: number;
  onGo: (range: LineRange) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  const go = (event: FormEvent) => {
    event.preventDefault();
    const range = parseTyped(text);
    if (!range) return setError("Type a number, or two: 120-140.");
    if (range.from > lines) return setError(`The log has ${formatCount(lines, "line")}.`);
    onGo(range);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Go to line"
      footer={
        <Button type="submit" form={FORM} variant="primary">
          Go to line
        </Button>
      }
    >
      <form id={FORM} onSubmit={go}>
        <Field label="Line or lines" hint="120, or 120-140 to choose several and copy them." error={error}>
          <Input
            autoFocus
            mono
            inputMode="numeric"
            autoComplete="off"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setError(undefined);
            }}
          />
        </Field>
      </form>
    </Dialog>
  );
}
