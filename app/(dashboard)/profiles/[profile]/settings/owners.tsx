"use client";

import { useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { addOwner, removeOwner } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Panel, Section } from "@/components/ui/panel";
import { Tag } from "@/components/ui/tag";
import { ownersQuery } from "@/lib/profiles/queries";
import type { OwnerWire } from "@/lib/profiles/wire";
import { useProfile } from "../use-profile";

/** Who hears when a refresh of this profile fails. */
export function Owners({ slug }: { slug: string }) {
  const { archivedAt } = useProfile(slug);
  const { data, error } = useQuery(ownersQuery(slug));
  const mayChange = useMay("operator") && !archivedAt;
  const owners = data?.items ?? [];
  return (
    <Section
      title="Owners"
      description="They hear in their inbox when a refresh fails, works again, or a schedule stopped by itself."
    >
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      {owners.length > 0 ? (
        <Panel aria-label="Owners">
          <ul className="divide-y">
            {owners.map((owner) => (
              <OwnerLine key={owner.id} slug={slug} owner={owner} mayChange={mayChange} />
            ))}
          </ul>
        </Panel>
      ) : data ? (
        <p className="text-sm text-muted">Nobody owns it, so nobody hears when it fails.</p>
      ) : null}
      {mayChange ? <AddOwner slug={slug} /> : null}
    </Section>
  );
}

function OwnerLine({ slug, owner, mayChange }: { slug: string; owner: OwnerWire; mayChange: boolean }) {
  const remove = useAction(removeOwner);
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
          {owner.name}
          {owner.disabled ? <Tag>Disabled, hears nothing</Tag> : null}
        </p>
        <p className="truncate text-xs text-muted">{owner.email}</p>
        {remove.error ? <Notice kind="failed">{remove.error.message}</Notice> : null}
      </div>
      {mayChange ? (
        <IconButton
          label={`Remove ${owner.name}`}
          icon={<Trash2 />}
          size="sm"
          plain
          pending={remove.isPending}
          onClick={() => remove.mutate({ profile: slug, userId: owner.id })}
        />
      ) : null}
    </li>
  );
}

function AddOwner({ slug }: { slug: string }) {
  const [person, setPerson] = useState("");
  const add = useAction(addOwner, () => setPerson(""));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    add.mutate({ profile: slug, person });
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-wrap items-start gap-2">
      <Field
        label="Name or e-mail of another owner"
        error={add.error?.field("person") ?? add.error?.message}
        className="w-full max-w-xs"
      >
        <Input value={person} autoComplete="off" onChange={(event) => setPerson(event.target.value)} />
      </Field>
      <Button type="submit" pending={add.isPending} disabled={person.trim() === ""} className="sm:mt-6.5">
        Add owner
      </Button>
    </form>
  );
}
