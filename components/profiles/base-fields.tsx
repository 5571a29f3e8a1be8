import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { FormSection, type SpecFieldsProps } from "./form-section";

const networks = [
  { value: "bridge", label: "Bridge", hint: "Can reach the network, for packages and repositories." },
  { value: "none", label: "None", hint: "No network at all, in the setup and in sessions." },
] as const;

/** What the sandbox starts from, and who it is inside. */
export function BaseFields({ form, errors, onEdit }: SpecFieldsProps) {
  return (
    <FormSection title="Base">
      <Field label="Base image" error={errors.baseImage}>
        <Input
          mono
          spellCheck={false}
          autoCapitalize="off"
          value={form.baseImage}
          onChange={(event) => onEdit({ baseImage: event.target.value })}
        />
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Working directory" error={errors.workdir}>
          <Input
            mono
            spellCheck={false}
            value={form.workdir}
            onChange={(event) => onEdit({ workdir: event.target.value })}
          />
        </Field>
        <Field label="User" error={errors.user}>
          <Input
            mono
            spellCheck={false}
            autoCapitalize="off"
            value={form.user}
            onChange={(event) => onEdit({ user: event.target.value })}
          />
        </Field>
      </div>
      <Field label="Network" nativeLabel={false} error={errors.network}>
        <Select value={form.network} onValueChange={(network) => onEdit({ network })} options={networks} />
      </Field>
    </FormSection>
  );
}
