import { FolderLines } from "./folder-lines";
import { FormSection, type SpecFieldsProps } from "./form-section";

/** Folders that builds share, one a line. */
export function CacheFields({ form, errors, onEdit }: SpecFieldsProps) {
  return (
    <FormSection
      title="Caches"
      hint="Folders that this profile's builds share and that no image contains: what package managers download, say. Their sizes are in Settings."
    >
      <FolderLines
        label="Cached folders"
        error={errors.caches}
        placeholder={"/var/cache/apt\n/root/.npm"}
        value={form.caches}
        onEdit={(caches) => onEdit({ caches })}
      />
    </FormSection>
  );
}
