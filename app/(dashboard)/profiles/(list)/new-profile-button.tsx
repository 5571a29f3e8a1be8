"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useState } from "react";
import { createProfile } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";

const FORM = "new-profile";

/** Opens the form; so does `?new=true`, which the palette uses. */
export function NewProfileButton() {
  const [open, setOpen] = useQueryState(
    "new",
    parseAsBoolean.withDefault(false).withOptions({ history: "replace" }),
  );
  const [mine, setMine] = useState(false);
  return (
    <>
      <Button variant="primary" icon={<Plus />} onClick={() => setMine(true)}>
        New profile
      </Button>
      <NewProfileDialog
        open={open || mine}
        onOpenChange={(next) => {
          setMine(next);
          if (!next) void setOpen(null);
        }}
      />
    </>
  );
}

function NewProfileDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const router = useRouter();
  const create = useAction(createProfile, (profile) => router.push(`/profiles/${profile.slug}/draft`));
  const pending = create.isPending || create.isSuccess;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New profile"
      description="It starts with a draft, which nothing is made from until you publish it."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" pending={pending}>
            Create profile
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (pending) return;
          const data = new FormData(event.currentTarget);
          create.mutate({ name: String(data.get("name")), description: String(data.get("description")) });
        }}
      >
        <Field
          label="Name"
          error={create.error?.field("name")}
          hint="Its address is made from it: “Web shop” becomes web-shop."
        >
          <Input name="name" autoFocus autoComplete="off" maxLength={120} />
        </Field>
        <Field label="Description" error={create.error?.field("description")}>
          <Textarea name="description" rows={2} placeholder="What it is for, and who uses it" />
        </Field>
        {create.error && create.error.fields.length === 0 ? (
          <Notice kind="failed">{create.error.message}</Notice>
        ) : null}
      </form>
    </Dialog>
  );
}
