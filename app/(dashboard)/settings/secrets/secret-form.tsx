"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { createSecret, rotateSecret } from "@/app/actions/secrets";
import { useAction } from "@/app/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toast";

const FORM = "secret";

export function NewSecretButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" icon={<Plus />} onClick={() => setOpen(true)}>
        New secret
      </Button>
      {open ? <SecretForm onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** A new secret, or with `rotates` another value for one that is there. What is typed goes to the server and nowhere else. */
export function SecretForm({ rotates, onClose }: { rotates?: string; onClose: () => void }) {
  const router = useRouter();
  const [name, setName] = useState(rotates ?? "");
  const [value, setValue] = useState("");
  const store = useAction(rotates ? rotateSecret : createSecret, () => {
    toast({ kind: "ready", title: rotates ? `${name} has its new value.` : `${name} is stored.` });
    router.refresh();
    onClose();
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    store.mutate({ name: name.trim(), value });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={rotates ? `Rotate ${rotates}` : "New secret"}
      description="Nobody can read it here again, you neither."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" pending={store.isPending}>
            {rotates ? "Rotate secret" : "Store secret"}
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={submit} className="flex flex-col gap-4">
        {rotates ? (
          <p className="text-sm text-muted">
            The next builds get the new value. Snapshots that were built with the old one are marked.
          </p>
        ) : (
          <Field label="Name" hint="The build's environment variable." error={store.error?.field("name")}>
            <Input
              mono
              autoFocus
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              placeholder="NPM_TOKEN"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
        )}
        <Field
          label="Value"
          hint="At least 8 characters; may have several lines."
          error={store.error?.field("value")}
        >
          <Textarea
            mono
            rows={4}
            autoComplete="off"
            spellCheck={false}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        </Field>
        {store.error && store.error.fields.length === 0 ? (
          <Notice kind="failed">{store.error.message}</Notice>
        ) : null}
      </form>
    </Dialog>
  );
}
