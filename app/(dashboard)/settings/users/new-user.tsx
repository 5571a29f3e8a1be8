"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { Plus, RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Controller, useForm, useWatch } from "react-hook-form";
import { createUser } from "@/app/actions/users";
import { useAction } from "@/app/use-action";
import { CopyButton } from "@/components/copy-button/copy-button";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { roleOptions } from "@/components/users/role-options";
import { createUserSchema } from "@/lib/users/wire";

const FORM = "new-user";

export function NewUserButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" icon={<Plus />} onClick={() => setOpen(true)}>
        New user
      </Button>
      {open ? <NewUser onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** Sixteen letters out of sixty-four, from the browser's own source of chance. */
function randomPassword(): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => letters[byte % 64]).join("");
}

function NewUser({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const form = useForm({
    resolver: zodResolver(createUserSchema),
    defaultValues: { email: "", name: "", role: "operator" as const, password: randomPassword() },
  });
  const { errors } = form.formState;
  const create = useAction(createUser, (user) => {
    toast({
      kind: "ready",
      title: `${user.name} can sign in.`,
      description: "Tell them their first password; they can change it under Settings.",
    });
    router.refresh();
    onClose();
  });
  const password = useWatch({ control: form.control, name: "password" });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="New user"
      description="Kiln sends no mail: pass the first password on yourself."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" pending={create.isPending}>
            Create user
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        noValidate
        onSubmit={form.handleSubmit((values) => create.mutate(values))}
        className="flex flex-col gap-4"
      >
        <Field label="Name" error={errors.name?.message ?? create.error?.field("name")}>
          <Input autoComplete="off" autoFocus {...form.register("name")} />
        </Field>
        <Field label="E-mail" error={errors.email?.message ?? create.error?.field("email")}>
          <Input type="email" autoComplete="off" {...form.register("email")} />
        </Field>
        <Field label="Role" nativeLabel={false} error={errors.role?.message}>
          <Controller
            control={form.control}
            name="role"
            render={({ field }) => (
              <Select value={field.value} onValueChange={field.onChange} options={roleOptions} />
            )}
          />
        </Field>
        <Field label="First password" error={errors.password?.message ?? create.error?.field("password")}>
          <div className="flex items-center gap-1">
            <Input mono autoComplete="off" spellCheck={false} {...form.register("password")} />
            <CopyButton value={password} label="Copy password" className="size-8" />
            <IconButton
              label="Another one"
              icon={<RefreshCw />}
              onClick={() => form.setValue("password", randomPassword(), { shouldValidate: true })}
            />
          </div>
        </Field>
        {create.error && create.error.fields.length === 0 ? (
          <Notice kind="failed">{create.error.message}</Notice>
        ) : null}
      </form>
    </Dialog>
  );
}
