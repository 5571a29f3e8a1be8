import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { FormSection, type SpecFieldsProps } from "./form-section";

/** Folders that builds share, one a line. */
export function CacheFields({ form, errors, onEdit }: SpecFieldsProps) {
  return (
    <FormSection
      title="Caches"
      hint="Folders that this profile's builds share and that no image contains: what package managers download, say. Their sizes are in Settings."
    >
      <Field label="Cached folders" hint="One a line." error={errors.caches}>
        <Textarea
          mono
          rows={2}
          spellCheck={false}
          autoCapitalize="off"
          placeholder={"/var/cache/apt\n/root/.npm"}
          value={form.caches}
          onChange={(event) => onEdit({ caches: event.target.value })}
        />
      </Field>
    </FormSection>
  );
}
