"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { tryDraft } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { toast } from "@/components/ui/toast";
import type { Result } from "@/lib/errors";
import { formatSpan } from "@/lib/format";
import { lastTryQuery } from "@/lib/profiles/queries";

interface TryDialogProps {
  slug: string;
  onClose: () => void;
  /** Saves the draft where it is being edited; the revision to try, or null when that failed. */
  save?: () => Promise<number | null>;
}

const unsaved: Result<never> = {
  ok: false,
  error: {
    code: "unsaved",
    message: "The draft couldn't be saved. See what its page says, then try it.",
    fields: [],
    extra: {},
  },
};

/** Builds the draft without publishing it, and goes to that build; when one is on its way, to that one. */
export function TryDialog({ slug, onClose, save }: TryDialogProps) {
  const [keepOnFailure, setKeepOnFailure] = useState(false);
  const router = useRouter();
  const last = useQuery(lastTryQuery(slug));
  const start = useAction(
    async (input: { keepOnFailure: boolean }) => {
      if (!save) return tryDraft({ profile: slug, ...input });
      const revision = await save();
      return revision === null ? unsaved : tryDraft({ profile: slug, revision, ...input });
    },
    ({ snapshot, joined }) => {
      onClose();
      if (joined) toast({ title: `The draft is being tried already, as #${snapshot.number}.` });
      router.push(`/snapshots/${snapshot.id}`);
    },
  );
  const keepFor = formatSpan(last.data?.keepSeconds ?? 900);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Try this draft?"
      description="It is built as a version would be, in a sandbox that is thrown away. Nothing is published, and no image is kept."
      footer={
        <>
          <Button onClick={onClose}>Not yet</Button>
          <Button
            variant="primary"
            autoFocus
            pending={start.isPending || start.isSuccess}
            onClick={() => start.mutate({ keepOnFailure })}
          >
            Try it
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Checkbox
          checked={keepOnFailure}
          onCheckedChange={setKeepOnFailure}
          label={`Keep the container for ${keepFor} when it fails`}
          hint="Run commands in it on the try's page, to see what went wrong."
        />
        {start.error ? <Notice kind="failed">{start.error.message}</Notice> : null}
      </div>
    </Dialog>
  );
}
