import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { FormSection, type SpecFieldsProps } from "./form-section";

/** The command that decides whether a captured image may serve. */
export function CheckField({ form, errors, onEdit }: SpecFieldsProps) {
  return (
    <FormSection title="Check">
      <Field
        label="Check command"
        error={errors.check}
        hint="Runs in a fresh sandbox of the captured image. Unless it exits with 0, the image doesn't serve."
      >
        <Textarea
          mono
          rows={2}
          spellCheck={false}
          placeholder="node --version"
          value={form.check}
          onChange={(event) => onEdit({ check: event.target.value })}
        />
      </Field>
    </FormSection>
  );
}
