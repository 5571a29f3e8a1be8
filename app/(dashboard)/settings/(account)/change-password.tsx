"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { changePassword } from "@/app/actions/users";
import { useAction } from "@/app/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import { toast } from "@/components/ui/toast";
import { changePasswordSchema } from "@/lib/users/wire";

/** The present password and the next one; other sign-ins end. */
export function ChangePassword({ email }: { email: string }) {
  const router = useRouter();
  const form = useForm({
    resolver: zodResolver(changePasswordSchema),
    defaultValues: { current: "", next: "" },
  });
  const { errors } = form.formState;
  const change = useAction(changePassword, () => {
    form.reset();
    toast({
      kind: "ready",
      title: "The password is changed.",
      description: "Your other sign-ins have ended.",
    });
    router.refresh();
  });
  return (
    <Section title="Password" description="Changing it signs you out everywhere but here.">
      <form
        noValidate
        onSubmit={form.handleSubmit((values) => change.mutate(values))}
        className="flex max-w-sm flex-col items-start gap-4"
      >
        {/* Lets password managers know whose password this is. */}
        <input type="text" name="username" autoComplete="username" defaultValue={email} hidden readOnly />
        <Field
          label="Current password"
          error={errors.current?.message ?? change.error?.field("current")}
          className="w-full"
        >
          <Input type="password" autoComplete="current-password" {...form.register("current")} />
        </Field>
        <Field
          label="New password"
          hint="At least 12 characters."
          error={errors.next?.message ?? change.error?.field("next")}
          className="w-full"
        >
          <Input type="password" autoComplete="new-password" {...form.register("next")} />
        </Field>
        {change.error && change.error.fields.length === 0 ? (
          <Notice kind="failed">{change.error.message}</Notice>
        ) : null}
        <Button type="submit" pending={change.isPending}>
          Change password
        </Button>
      </form>
    </Section>
  );
}
