import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";

interface Props {
  label: string;
  error: string | undefined;
  /** Two of them, as an example. */
  placeholder: string;
  value: string;
  onEdit: (value: string) => void;
}

/** Folders of a sandbox, one a line. */
export function FolderLines({ label, error, placeholder, value, onEdit }: Props) {
  return (
    <Field label={label} hint="One a line." error={error}>
      <Textarea
        mono
        rows={2}
        spellCheck={false}
        autoCapitalize="off"
        placeholder={placeholder}
        value={value}
        onChange={(event) => onEdit(event.target.value)}
      />
    </Field>
  );
}
