"use client";

import { useState } from "react";
import { updateProfile } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import { toast } from "@/components/ui/toast";
import { useProfile } from "../use-profile";

const switches = [
  {
    field: "refreshOnBase",
    label: "When its base image has moved",
    hint: "Its registry has another image under the same name. It is looked up now and then.",
  },
  {
    field: "refreshOnRepository",
    label: "When a repository of its plan has moved",
    hint: "The branch or tag that was cloned points to another commit. It is looked up now and then.",
  },
  {
    field: "refreshOnSecret",
    label: "When a secret that it was built with is rotated",
    hint: null,
  },
] as const;

/** What refreshes the version that sessions start from, beside a schedule of its own. */
export function RefreshReasons({ slug }: { slug: string }) {
  const profile = useProfile(slug);
  const { refreshAfterDays, archivedAt } = profile;
  const mayChange = useMay("operator") && !archivedAt;
  const [days, setDays] = useState<string | null>(null);
  const update = useAction(updateProfile, () => {
    setDays(null);
    toast({ kind: "ready", title: "Saved." });
  });
  const shown = days ?? (refreshAfterDays === null ? "" : String(refreshAfterDays));
  const save = () =>
    update.mutate({ profile: slug, refreshAfterDays: shown.trim() === "" ? null : Number(shown) });
  return (
    <Section
      title="Refreshed by itself"
      description="The version that sessions start from is built again when one of these holds. A schedule is set in the version’s own menu."
    >
      <div className="flex flex-col items-start gap-4">
        {switches.map(({ field, label, hint }) => (
          <Checkbox
            key={field}
            label={label}
            hint={hint}
            checked={profile[field]}
            disabled={!mayChange || update.isPending}
            onCheckedChange={(on) => update.mutate({ profile: slug, [field]: on })}
          />
        ))}
        <Field
          label="When its snapshot is older than so many days"
          hint="Leave it empty for never. A refresh that fails is tried again after a day."
          error={update.error?.field("refreshAfterDays")}
        >
          <Input
            inputMode="numeric"
            readOnly={!mayChange}
            value={shown}
            className="w-24"
            onChange={(event) => setDays(event.target.value)}
          />
        </Field>
        {update.error && update.error.fields.length === 0 ? (
          <Notice kind="failed">{update.error.message}</Notice>
        ) : null}
        {mayChange ? (
          <Button
            onClick={save}
            pending={update.isPending}
            disabled={days === null || days === (refreshAfterDays === null ? "" : String(refreshAfterDays))}
          >
            Save days
          </Button>
        ) : null}
      </div>
    </Section>
  );
}
