"use client";

import { useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { discardDraft } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { LastTry } from "@/components/profiles/last-try";
import { SaveNote } from "@/components/profiles/save-note";
import { Confirm } from "@/components/ui/confirm";
import { IconButton } from "@/components/ui/icon-button";
import { toast } from "@/components/ui/toast";
import { lastTryQuery } from "@/lib/profiles/queries";
import { useProfile } from "../use-profile";
import { useDraftDesk, useDraftView } from "./draft-context";
import type { DraftStore } from "./draft-store";

/** What the draft was made from, how its saving goes, and the way to be rid of it. */
export function DraftToolbar({
  store,
  slug,
  basedOn,
}: {
  store: DraftStore;
  slug: string;
  basedOn: number | null;
}) {
  const view = useDraftView(store);
  const { data: last } = useQuery(lastTryQuery(slug));
  // Somebody else's change isn't spoken of before it is on the page: who pressed "Try it" then would be refused.
  const arrived = (last?.draftRevision ?? 0) <= view.revision;
  const changed = view.save.kind !== "saved" || (last?.changed === true && arrived);
  return (
    <div className="-my-1 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
      <span>{basedOn ? `From version ${basedOn}` : "First draft"}</span>
      <span aria-hidden="true">·</span>
      <SaveNote save={view.save} errors={Object.keys(view.errors).length} />
      {last?.snapshot ? (
        <>
          <span aria-hidden="true" className="max-sm:hidden">
            ·
          </span>
          <LastTry snapshot={last.snapshot} changed={changed} />
        </>
      ) : null}
      <DiscardButton slug={slug} />
    </div>
  );
}

function DiscardButton({ slug }: { slug: string }) {
  const [asking, setAsking] = useState(false);
  const router = useRouter();
  const desk = useDraftDesk();
  const { latestVersion } = useProfile(slug);
  const discard = useAction(discardDraft, () => {
    desk.forget();
    toast({ title: "The draft is discarded." });
    router.push(`/profiles/${slug}`);
  });
  return (
    <>
      <IconButton
        label="Discard draft"
        icon={<Trash2 />}
        className="ml-auto"
        onClick={() => setAsking(true)}
      />
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title="Discard this draft?"
        confirmLabel="Discard draft"
        onConfirm={() => discard.mutate({ profile: slug })}
        pending={discard.isPending}
        error={discard.error?.message}
      >
        {latestVersion
          ? "What is in it is lost. The published versions stay, and you can make a new draft from any of them."
          : "What is in it is lost, and the profile has no version to start a new one from."}
      </Confirm>
    </>
  );
}
