"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useQuery } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { updateProfile } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { PoolFacts } from "@/components/pool/pool-facts";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import { toast } from "@/components/ui/toast";
import { poolQuery } from "@/lib/pool/queries";
import { MOST_WARM, poolSize } from "@/lib/pool/wire";
import { useProfile } from "../use-profile";

const schema = z.object({ poolSize });

/** How many sandboxes wait for sessions of this profile, and what that costs. */
export function WarmPool({ slug }: { slug: string }) {
  const profile = useProfile(slug);
  const { data: pool, error } = useQuery(poolQuery(slug));
  const mayChange = useMay("operator") && !profile.archivedAt;
  const form = useForm({
    resolver: zodResolver(schema),
    values: { poolSize: profile.poolSize },
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, isDirty } = form.formState;
  const update = useAction(updateProfile, (saved) => {
    form.reset({ poolSize: saved.poolSize });
    toast({ kind: "ready", title: "Saved." });
  });
  return (
    <Section
      title="Warm sandboxes"
      description="Started ahead from what new sessions start from: a session that takes one runs at once, and another one takes its place. Without one a session starts as usual. Persistent sessions and those of other versions always do."
    >
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      {pool ? <PoolFacts pool={pool} /> : null}
      <form
        noValidate
        onSubmit={form.handleSubmit((values) => update.mutate({ profile: slug, ...values }))}
        className="flex flex-col items-start gap-4"
      >
        <Field
          label="Sandboxes kept warm"
          hint={`0 for none, ${MOST_WARM} at most. Each holds a little memory for as long as it waits.`}
          error={errors.poolSize?.message ?? update.error?.field("poolSize")}
        >
          <Input
            type="number"
            min={0}
            max={MOST_WARM}
            readOnly={!mayChange}
            className="w-24"
            {...form.register("poolSize", { valueAsNumber: true })}
          />
        </Field>
        {update.error && update.error.fields.length === 0 ? (
          <Notice kind="failed">{update.error.message}</Notice>
        ) : null}
        {mayChange ? (
          <Button type="submit" pending={update.isPending} disabled={!isDirty}>
            Save warm sandboxes
          </Button>
        ) : null}
      </form>
    </Section>
  );
}
