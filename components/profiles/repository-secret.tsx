import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

/** Which secret a repository is cloned with. `known` is undefined until the names have been asked for. */
export function RepositorySecret({
  label,
  value,
  error,
  known,
  onChange,
}: {
  label: string;
  value: string;
  error: string | undefined;
  known: readonly string[] | undefined;
  onChange: (secret: string) => void;
}) {
  const isMissing = value !== "" && known !== undefined && !known.includes(value);
  const names = [...(known ?? []), ...(value !== "" && !known?.includes(value) ? [value] : [])];
  return (
    <Field
      label={label}
      hideLabel
      nativeLabel={false}
      error={
        isMissing
          ? `There is no secret ${value}. Make it in Settings → Secrets, or choose another one.`
          : error
      }
    >
      <Select
        className="w-full"
        value={value}
        onValueChange={onChange}
        options={[
          { value: "", label: "no secret", hint: "Everybody may clone it." },
          ...names.map((name) => ({ value: name, label: `secret ${name}` })),
        ]}
      />
    </Field>
  );
}
