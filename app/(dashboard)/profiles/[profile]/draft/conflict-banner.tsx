"use client";

import { useState } from "react";
import { diffSpecs } from "@/components/profiles/spec-diff";
import { SpecDiffView } from "@/components/profiles/spec-diff-view";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import type { DraftWire } from "@/lib/profiles/wire";
import { useDraftView } from "./draft-context";
import type { DraftStore } from "./draft-store";

/** Somebody else changed the draft: says who, shows both, and lets the person choose. Nothing is lost meanwhile. */
export function ConflictBanner({ store }: { store: DraftStore }) {
  const { save } = useDraftView(store);
  if (save.kind === "gone") return <Gone store={store} />;
  if (save.kind !== "conflict") return null;
  return <Conflict store={store} theirs={save.theirs} />;
}

function Conflict({ store, theirs }: { store: DraftStore; theirs: DraftWire }) {
  const [comparing, setComparing] = useState(false);
  const mine = store.spec();
  const choices = (
    <>
      <Button size="sm" onClick={() => store.takeTheirs()}>
        Take theirs
      </Button>
      <Button size="sm" onClick={() => store.keepMine()}>
        Keep mine
      </Button>
    </>
  );
  return (
    <>
      <Notice
        kind="hot"
        title={`Changed in another tab by ${theirs.updatedBy || "somebody"}.`}
        actions={
          <>
            <Button
              size="sm"
              variant="ghost"
              disabledReason={mine ? null : "Put the marked fields right first."}
              onClick={() => setComparing(true)}
            >
              See both
            </Button>
            {choices}
          </>
        }
      >
        Your text is still here, and nothing is saved until you choose.
      </Notice>
      <Dialog
        open={comparing}
        onOpenChange={setComparing}
        size="lg"
        title="Theirs and yours"
        description="Red is only in theirs, green only in yours."
        footer={choices}
      >
        {mine ? <SpecDiffView changes={diffSpecs(theirs.spec, mine)} same="Both say the same." /> : null}
      </Dialog>
    </>
  );
}

function Gone({ store }: { store: DraftStore }) {
  const [pending, setPending] = useState(false);
  const again = async () => {
    setPending(true);
    await store.startAgain();
    setPending(false);
  };
  return (
    <Notice
      kind="hot"
      title="This draft was published or discarded in another tab."
      actions={
        <Button size="sm" pending={pending} onClick={() => void again()}>
          Save as a new draft
        </Button>
      }
    >
      Your text is still here.
    </Notice>
  );
}
