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
import { toast } from "@/components/ui/toast";
import { useProfile } from "../use-profile";

/** One number of a profile, saved by itself. */
export function NumberSetting({
  slug,
  name,
  limits: { rule, min, max },
  label,
  hint,
  save,
}: {
  slug: string;
  name: "keepSnapshots" | "poolSize";
  limits: { rule: z.ZodType<number, number>; min: number; max: number };
  label: string;
  hint?: string;
  /** The button's words. */
  save: string;
}) {
  const profile = useProfile(slug);
  const mayChange = useMay("operator") && !profile.archivedAt;
  const form = useForm({
    resolver: zodResolver(z.object({ value: rule })),
    values: { value: profile[name] },
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, isDirty } = form.formState;
  const update = useAction(updateProfile, (saved) => {
    form.reset({ value: saved[name] });
    toast({ kind: "ready", title: "Saved." });
  });
  return (
    <form
      noValidate
      onSubmit={form.handleSubmit(({ value }) => update.mutate({ profile: slug, [name]: value }))}
      className="flex flex-col items-start gap-4"
    >
      <Field label={label} hint={hint} error={errors.value?.message ?? update.error?.field(name)}>
        <Input
          type="number"
          min={min}
          max={max}
          readOnly={!mayChange}
          className="w-24"
          {...form.register("value", { valueAsNumber: true })}
        />
      </Field>
      {update.error && update.error.fields.length === 0 ? (
        <Notice kind="failed">{update.error.message}</Notice>
      ) : null}
      {mayChange ? (
        <Button type="submit" pending={update.isPending} disabled={!isDirty}>
          {save}
        </Button>
      ) : null}
    </form>
  );
}
