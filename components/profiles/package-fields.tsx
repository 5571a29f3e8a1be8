import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { type PackageManager, packageManagers } from "@/lib/profiles/plan-words";
import { FormSection, type SpecFieldsProps } from "./form-section";

const looks: Record<PackageManager, { label: string; example: string }> = {
  apt: { label: "apt packages", example: "jq=1.6*" },
  npm: { label: "npm packages", example: "typescript@5" },
  pip: { label: "pip packages", example: "requests==2.32.3" },
};

/** Packages of three managers, one a line. */
export function PackageFields({ form, errors, onEdit }: SpecFieldsProps) {
  return (
    <FormSection title="Packages" hint="One a line, with a version if it matters. Installed as root.">
      {packageManagers.map((manager) => (
        <Field key={manager} label={looks[manager].label} error={errors[`packages.${manager}`]}>
          <Textarea
            mono
            rows={2}
            spellCheck={false}
            autoCapitalize="off"
            placeholder={looks[manager].example}
            value={form.packages[manager]}
            onChange={(event) => onEdit({ packages: { ...form.packages, [manager]: event.target.value } })}
          />
        </Field>
      ))}
    </FormSection>
  );
}
