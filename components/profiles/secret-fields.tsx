import { CircleAlert } from "lucide-react";
import { Link } from "@/components/ui/link";
import { FormSection, type SpecFieldsProps } from "./form-section";
import { SecretBoxes } from "./secret-boxes";

/** Which secrets the build is given, by name. `known` is undefined until they have been asked for. */
export function SecretFields({
  form,
  errors,
  onEdit,
  known,
}: SpecFieldsProps & { known: readonly string[] | undefined }) {
  const missing = known ? form.secrets.filter((name) => !known.includes(name)) : [];
  const names = [...(known ?? form.secrets), ...missing];
  const error =
    missing.length > 0
      ? `There is no secret ${missing.join(", ")}. Make it in Settings → Secrets, or take it out.`
      : errors.secrets;
  return (
    <FormSection
      title="Secrets"
      hint={
        <>
          Given to the build as environment and as <code>/run/secrets/NAME</code>, and to nothing else. Kept
          in{" "}
          <Link href="/settings/secrets" className="underline underline-offset-3">
            Settings → Secrets
          </Link>
          .
        </>
      }
    >
      <SecretBoxes names={names} chosen={form.secrets} onChange={(secrets) => onEdit({ secrets })} />
      {known?.length === 0 && names.length === 0 ? (
        <p className="text-sm text-muted">There are no secrets yet.</p>
      ) : null}
      {error ? (
        <p role="alert" className="flex items-start gap-1.5 text-xs text-failed">
          <CircleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden="true" />
          <span>{error}</span>
        </p>
      ) : null}
    </FormSection>
  );
}
