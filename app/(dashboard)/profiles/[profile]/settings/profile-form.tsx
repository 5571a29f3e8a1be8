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
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toast";
import { profileDescription, profileName } from "@/lib/profiles/wire";
import { useProfile } from "../use-profile";

const schema = z.object({ name: profileName, description: profileDescription });

/** Name and description. Somebody who may only look reads them. */
export function ProfileForm({ slug }: { slug: string }) {
  const { name, description, archivedAt } = useProfile(slug);
  const mayChange = useMay("operator") && !archivedAt;
  const form = useForm({
    resolver: zodResolver(schema),
    values: { name, description },
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, isDirty } = form.formState;
  const update = useAction(updateProfile, (saved) => {
    form.reset({ name: saved.name, description: saved.description });
    toast({ kind: "ready", title: "Saved." });
  });
  return (
    <Section
      title="Name and description"
      description="The address keeps its slug, so that links and image names go on working."
    >
      <form
        noValidate
        onSubmit={form.handleSubmit((values) => update.mutate({ profile: slug, ...values }))}
        className="flex flex-col items-start gap-4"
      >
        <Field label="Name" error={errors.name?.message ?? update.error?.field("name")} className="w-full">
          <Input autoComplete="off" readOnly={!mayChange} {...form.register("name")} />
        </Field>
        <Field
          label="Description"
          error={errors.description?.message ?? update.error?.field("description")}
          className="w-full"
        >
          <Textarea rows={2} readOnly={!mayChange} {...form.register("description")} />
        </Field>
        {update.error && update.error.fields.length === 0 ? (
          <Notice kind="failed">{update.error.message}</Notice>
        ) : null}
        {mayChange ? (
          <Button type="submit" pending={update.isPending} disabled={!isDirty}>
            Save changes
          </Button>
        ) : null}
      </form>
    </Section>
  );
}
