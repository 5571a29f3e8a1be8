"use client";

import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { createHook } from "@/app/actions/hooks";
import { useAction } from "@/app/use-action";
import { ShownOnce } from "@/components/copy-button/shown-once";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { hooksQuery } from "@/lib/hooks/queries";

const FORM = "new-hook";

/** Asks for a name, and shows the key that messages are to be signed with, once. */
export function NewHook({ slug, onClose }: { slug: string; onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const create = useAction(createHook, () => {
    void client.invalidateQueries({ queryKey: hooksQuery(slug).queryKey });
  });
  if (create.data)
    return (
      <ShownOnce
        what="signing key"
        description="GitHub and Gitea call it the webhook’s secret: give it to them as it is, and choose JSON. Others sign as Standard Webhooks says. Nobody can show it to you again."
        value={create.data.signingKey}
        onClose={onClose}
      />
    );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate({ profile: slug, name });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="New webhook"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" pending={create.isPending}>
            Create webhook
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" hint="Who posts to it." error={create.error?.field("name")}>
          <Input
            autoComplete="off"
            autoFocus
            placeholder="github.com/acme/tools"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        {create.error && create.error.fields.length === 0 ? (
          <Notice kind="failed">{create.error.message}</Notice>
        ) : null}
      </form>
    </Dialog>
  );
}
