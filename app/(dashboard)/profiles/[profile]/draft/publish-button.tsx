"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { ProfileWire } from "@/lib/profiles/wire";
import { useDraftView, useOpenDraft } from "./draft-context";
import type { DraftStore } from "./draft-store";
import { PublishSheet } from "./publish-sheet";

/** Opens the sheet in which the draft is looked over and published; says how many fields are in the way. */
export function PublishButton({ profile, slug }: { profile: ProfileWire; slug: string }) {
  const store = useOpenDraft();
  const label = `Publish version ${(profile.latestVersion ?? 0) + 1}`;
  if (!store) {
    return (
      <Button variant="primary" disabled>
        {label}
      </Button>
    );
  }
  return <Opened store={store} profile={profile} slug={slug} label={label} />;
}

function Opened({
  store,
  profile,
  slug,
  label,
}: {
  store: DraftStore;
  profile: ProfileWire;
  slug: string;
  label: string;
}) {
  const [open, setOpen] = useState(false);
  const { errors, save } = useDraftView(store);
  const wrong = Object.keys(errors).length;
  const waits =
    save.kind === "conflict" || save.kind === "gone"
      ? "Choose first what becomes of the other change."
      : null;
  return (
    <>
      {wrong > 0 ? (
        <span className="hidden text-sm text-failed sm:inline">
          {wrong} {wrong === 1 ? "field needs" : "fields need"} attention
        </span>
      ) : null}
      <Button
        variant="primary"
        disabledReason={waits ?? (wrong > 0 ? "Put the marked fields right first." : null)}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      <PublishSheet
        open={open}
        onOpenChange={setOpen}
        store={store}
        profile={profile}
        slug={slug}
        label={label}
      />
    </>
  );
}
