import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { FormSection, type SpecFieldsProps } from "./form-section";

/** Folders that outlive a persistent session's container, one a line. */
export function PersistentFields({ form, errors, onEdit }: SpecFieldsProps) {
  return (
    <FormSection
      title="Persistence"
      hint="Folders that outlive the container of a persistent session: when it is stopped, replaced or lost. Together they may hold as much as the disk limit. Everything else of a session can go."
    >
      <Field label="Persistent folders" hint="One a line." error={errors.persistentPaths}>
        <Textarea
          mono
          rows={2}
          spellCheck={false}
          autoCapitalize="off"
          placeholder={"/workspace\n/home/dev"}
          value={form.persistentPaths}
          onChange={(event) => onEdit({ persistentPaths: event.target.value })}
        />
      </Field>
    </FormSection>
  );
}
