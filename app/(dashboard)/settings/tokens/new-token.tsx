"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { createApiToken } from "@/app/actions/users";
import { useAction } from "@/app/use-action";
import { ShownOnce } from "@/components/copy-button/shown-once";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { roleOptions } from "@/components/users/role-options";
import type { Role } from "@/lib/users/roles";

const FORM = "new-token";

export function NewTokenButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" icon={<Plus />} onClick={() => setOpen(true)}>
        New token
      </Button>
      {open ? <NewToken onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function NewToken({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const [role, setRole] = useState<Role>("operator");
  const create = useAction(createApiToken, () => router.refresh());
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get("name");
    create.mutate({ name: typeof name === "string" ? name : "", role });
  };
  if (create.data)
    return (
      <ShownOnce
        what="token"
        description="Kiln keeps only its fingerprint: nobody can show it to you again."
        value={create.data.token}
        onClose={onClose}
      />
    );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="New API token"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" pending={create.isPending}>
            Create token
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" hint="What will use it." error={create.error?.field("name")}>
          <Input name="name" autoComplete="off" autoFocus placeholder="Nightly CI" />
        </Field>
        <Field label="Role" nativeLabel={false} error={create.error?.field("role")}>
          <Select value={role} onValueChange={setRole} options={roleOptions} />
        </Field>
        {create.error && create.error.fields.length === 0 ? (
          <Notice kind="failed">{create.error.message}</Notice>
        ) : null}
      </form>
    </Dialog>
  );
}
