import { FolderLines } from "./folder-lines";
import { FormSection, type SpecFieldsProps } from "./form-section";

/** Folders that outlive a persistent session's container, one a line. */
export function PersistentFields({ form, errors, onEdit }: SpecFieldsProps) {
  return (
    <FormSection
      title="Persistence"
      hint="Folders that outlive the container of a persistent session: when it is stopped, replaced or lost. Together they may hold as much as the disk limit. Everything else of a session can go."
    >
      <FolderLines
        label="Persistent folders"
        error={errors.persistentPaths}
        placeholder={"/workspace\n/home/dev"}
        value={form.persistentPaths}
        onEdit={(persistentPaths) => onEdit({ persistentPaths })}
      />
    </FormSection>
  );
}
