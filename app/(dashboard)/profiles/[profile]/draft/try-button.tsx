"use client";

import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { TryDialog } from "../../try-dialog";
import { useDraftView, useOpenDraft } from "./draft-context";
import type { DraftStore } from "./draft-store";

/** Tries the draft as it is on the page; what is unsaved is saved first. */
export function TryButton({ slug }: { slug: string }) {
  const store = useOpenDraft();
  if (!store) return <Face disabled />;
  return <Opened store={store} slug={slug} />;
}

function Opened({ store, slug }: { store: DraftStore; slug: string }) {
  const [open, setOpen] = useState(false);
  const { errors, save } = useDraftView(store);
  const waits =
    save.kind === "conflict" || save.kind === "gone"
      ? "Choose first what becomes of the other change."
      : Object.keys(errors).length > 0
        ? "Put the marked fields right first."
        : null;
  return (
    <>
      <Face disabledReason={waits} onClick={() => setOpen(true)} />
      {open ? (
        <TryDialog
          slug={slug}
          onClose={() => setOpen(false)}
          save={async () => ((await store.flush()) ? store.view().revision : null)}
        />
      ) : null}
    </>
  );
}

function Face(props: { disabled?: boolean; disabledReason?: string | null; onClick?: () => void }) {
  return (
    <Button icon={<FlaskConical />} aria-label="Try it" {...props}>
      <span className="max-sm:hidden">Try it</span>
    </Button>
  );
}
