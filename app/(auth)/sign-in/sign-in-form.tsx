"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { signIn } from "next-auth/react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";

const schema = z.object({
  email: z.email("Enter your e-mail address."),
  password: z.string().min(1, "Enter your password."),
});

const UNREACHABLE = "unreachable";
const refusals: Record<string, string | undefined> = {
  CredentialsSignin: "E-mail or password is wrong.",
  throttled: "Too many tries. Wait five minutes, then try again.",
  [UNREACHABLE]: "Kiln can't be reached. Try again in a moment.",
};

/** E-mail and password; what was refused is said above the button, and the password stays. */
export function SignInForm({ destination }: { destination: string }) {
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { email: "", password: "" } });
  const { errors, isSubmitting, isSubmitSuccessful } = form.formState;
  const submit = form.handleSubmit(async ({ email, password }) => {
    const error = await signIn("credentials", { redirect: false, email, password }).then(
      (answer) => (answer?.ok ? answer.error : (answer?.error ?? UNREACHABLE)),
      () => UNREACHABLE,
    );
    if (error) {
      form.setError("root", { message: refusals[error] ?? refusals[UNREACHABLE] });
      return;
    }
    // A whole new page: nothing of the stranger's is kept.
    window.location.assign(destination);
  });
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Field label="E-mail" error={errors.email?.message}>
        <Input
          type="email"
          autoComplete="username"
          autoFocus
          className="h-10 px-3"
          {...form.register("email")}
        />
      </Field>
      <Field label="Password" error={errors.password?.message}>
        <Input
          type="password"
          autoComplete="current-password"
          className="h-10 px-3"
          {...form.register("password")}
        />
      </Field>
      {errors.root?.message ? <Notice kind="failed">{errors.root.message}</Notice> : null}
      <Button
        type="submit"
        variant="primary"
        size="lg"
        pending={isSubmitting || isSubmitSuccessful}
        className="mt-1"
      >
        Sign in
      </Button>
    </form>
  );
}
