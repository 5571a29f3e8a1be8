"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { publishDraft } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { diffSpecs } from "@/components/profiles/spec-diff";
import { SpecDiffView } from "@/components/profiles/spec-diff-view";
import { SpecView } from "@/components/profiles/spec-view";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Sheet } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toast";
import type { Result } from "@/lib/errors";
import { versionQuery } from "@/lib/profiles/queries";
import type { ProfileWire } from "@/lib/profiles/wire";
import { useDraftDesk } from "./draft-context";
import type { DraftStore } from "./draft-store";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  store: DraftStore;
  profile: ProfileWire;
  slug: string;
  label: string;
};

const unsaved: Result<never> = {
  ok: false,
  error: {
    code: "unsaved",
    message: "The draft couldn't be saved. See what its page says, then publish.",
    fields: [],
    extra: {},
  },
};

/** What will change, a box for notes, and the press that can't be taken back. */
export function PublishSheet({ open, onOpenChange, store, profile, slug, label }: Props) {
  const [notes, setNotes] = useState("");
  const router = useRouter();
  const desk = useDraftDesk();
  const publish = useAction(
    async (input: { notes: string }) => {
      if (!(await store.flush())) return unsaved;
      return publishDraft({ profile: slug, notes: input.notes, revision: store.view().revision });
    },
    ({ version, snapshot }) => {
      desk.forget();
      toast({
        kind: "ready",
        title: `Version ${version.number} is published.`,
        description: `Snapshot #${snapshot.number} is being prepared.`,
        link: { href: `/snapshots/${snapshot.id}`, label: "Follow it" },
      });
      router.push(`/profiles/${slug}`);
    },
  );
  return (
    <Sheet
      open={open}
      onOpenChange={onOpenChange}
      size="lg"
      title={label}
      description="A version is fixed for ever. Its snapshot is prepared at once; until it is ready, sessions start from what they start from now."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Not yet</Button>
          <Button
            variant="primary"
            pending={publish.isPending || publish.isSuccess}
            onClick={() => publish.mutate({ notes })}
          >
            {label}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-6">
        <Field
          label="Notes"
          hint="For those who read the list of versions."
          error={publish.error?.field("notes")}
        >
          <Textarea
            autoFocus
            value={notes}
            onChange={(event) => setNotes(event.target.value)}
            maxLength={2000}
            rows={2}
            placeholder="What changes, and why"
          />
        </Field>
        {publish.error ? <Notice kind="failed">{publish.error.message}</Notice> : null}
        {open ? <Changes store={store} profile={profile} slug={slug} /> : null}
      </div>
    </Sheet>
  );
}

function Changes({ store, profile, slug }: Pick<Props, "store" | "profile" | "slug">) {
  const before = useQuery({
    ...versionQuery(slug, profile.latestVersion ?? 0),
    enabled: profile.latestVersion !== null,
  });
  const after = store.spec();
  if (before.error) return <Notice kind="failed">{before.error.message}</Notice>;
  if (!after) return null;
  if (profile.latestVersion === null) {
    return (
      <section className="flex flex-col gap-3">
        <h3 className="text-base font-medium">What the first version is</h3>
        <SpecView spec={after} of="the draft" />
      </section>
    );
  }
  return (
    <section className="flex flex-col gap-3">
      <h3 className="text-base font-medium">What changes from version {profile.latestVersion}</h3>
      {before.data ? (
        <SpecDiffView
          changes={diffSpecs(before.data.spec, after)}
          same={`Nothing: it is the same as version ${profile.latestVersion}. To prepare that anew, refresh it instead.`}
        />
      ) : (
        <Skeleton className="h-40" />
      )}
    </section>
  );
}
