"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { updateProfile } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import { toast } from "@/components/ui/toast";
import { keepSnapshots } from "@/lib/profiles/wire";
import { useProfile } from "../use-profile";

const schema = z.object({ keepSnapshots });

/** How many snapshots can be rolled back to. */
export function KeepSnapshots({ slug }: { slug: string }) {
  const profile = useProfile(slug);
  const mayChange = useMay("operator") && !profile.archivedAt;
  const form = useForm({
    resolver: zodResolver(schema),
    values: { keepSnapshots: profile.keepSnapshots },
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, isDirty } = form.formState;
  const update = useAction(updateProfile, (saved) => {
    form.reset({ keepSnapshots: saved.keepSnapshots });
    toast({ kind: "ready", title: "Saved." });
  });
  return (
    <Section
      title="Snapshots to keep"
      description="Of each version the newest ready ones stay, and always the serving one and those that sessions use. Older images are removed within minutes; their logs stay."
    >
      <form
        noValidate
        onSubmit={form.handleSubmit((values) => update.mutate({ profile: slug, ...values }))}
        className="flex flex-col items-start gap-4"
      >
        <Field
          label="Ready snapshots of each version"
          error={errors.keepSnapshots?.message ?? update.error?.field("keepSnapshots")}
        >
          <Input
            type="number"
            min={1}
            max={50}
            readOnly={!mayChange}
            className="w-24"
            {...form.register("keepSnapshots", { valueAsNumber: true })}
          />
        </Field>
        {update.error && update.error.fields.length === 0 ? (
          <Notice kind="failed">{update.error.message}</Notice>
        ) : null}
        {mayChange ? (
          <Button type="submit" pending={update.isPending} disabled={!isDirty}>
            Save number
          </Button>
        ) : null}
      </form>
    </Section>
  );
}
