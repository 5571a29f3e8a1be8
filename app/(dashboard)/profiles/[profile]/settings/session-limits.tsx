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
import { sessionHours, sessionIdleMinutes } from "@/lib/profiles/wire";
import { useProfile } from "../use-profile";

const schema = z.object({ sessionHours, sessionMaxHours: sessionHours, sessionIdleMinutes });

const fields = [
  {
    name: "sessionHours",
    label: "Hours that a session lives",
    hint: "Whoever works in it can keep it 1 h more.",
  },
  { name: "sessionMaxHours", label: "Hours at most", hint: "Since it was started or resumed." },
  {
    name: "sessionIdleMinutes",
    label: "Minutes without use until it is stopped",
    hint: "Commands, typing in a terminal and previews are use. Leave it empty for never.",
  },
] as const;

const numberOrNull = (text: unknown) => (text === "" || text === null ? null : Number(text));

/** How long sessions of this profile live. */
export function SessionLimits({ slug }: { slug: string }) {
  const { sessionHours, sessionMaxHours, sessionIdleMinutes, archivedAt } = useProfile(slug);
  const mayChange = useMay("operator") && !archivedAt;
  const form = useForm({
    resolver: zodResolver(schema),
    values: { sessionHours, sessionMaxHours, sessionIdleMinutes },
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, isDirty } = form.formState;
  const update = useAction(updateProfile, (saved) => {
    form.reset({
      sessionHours: saved.sessionHours,
      sessionMaxHours: saved.sessionMaxHours,
      sessionIdleMinutes: saved.sessionIdleMinutes,
    });
    toast({ kind: "ready", title: "Saved." });
  });
  return (
    <Section
      title="Sessions"
      description="A session whose time is up is stopped. Its files are kept for a while, and it can be resumed."
    >
      <form
        noValidate
        onSubmit={form.handleSubmit((values) => update.mutate({ profile: slug, ...values }))}
        className="flex flex-col items-start gap-4"
      >
        {fields.map(({ name, label, hint }) => (
          <Field
            key={name}
            label={label}
            hint={hint}
            error={errors[name]?.message ?? update.error?.field(name)}
          >
            <Input
              type="number"
              readOnly={!mayChange}
              className="w-24"
              {...form.register(name, { setValueAs: numberOrNull })}
            />
          </Field>
        ))}
        {update.error && update.error.fields.length === 0 ? (
          <Notice kind="failed">{update.error.message}</Notice>
        ) : null}
        {mayChange ? (
          <Button type="submit" pending={update.isPending} disabled={!isDirty}>
            Save times
          </Button>
        ) : null}
      </form>
    </Section>
  );
}
