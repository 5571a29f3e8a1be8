"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { createDraft, discardDraft } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { Confirm } from "@/components/ui/confirm";
import { toast } from "@/components/ui/toast";
import { useDraftDesk } from "./draft-context";

type Props = {
  slug: string;
  /** The version to start from. */
  from: number;
  /** There is a draft, which has to go first. */
  replaces: boolean;
  onClose: () => void;
};

/** Makes a draft from a version and opens it; asks first when it takes the place of another. */
export function NewDraft({ slug, from, replaces, onClose }: Props) {
  const router = useRouter();
  const desk = useDraftDesk();
  const asked = useRef(false);
  const make = useAction(
    async (input: { discard: boolean }) => {
      const discarded = input.discard ? await discardDraft({ profile: slug }) : null;
      if (discarded && !discarded.ok) return discarded;
      desk.forget();
      return createDraft({ profile: slug, from });
    },
    () => {
      onClose();
      router.push(`/profiles/${slug}/draft`);
      router.refresh();
    },
  );
  const { mutate } = make;
  useEffect(() => {
    if (replaces || asked.current) return;
    asked.current = true;
    mutate(
      { discard: false },
      {
        onError: (error) => {
          toast({ kind: "failed", title: "The draft wasn't made.", description: error.message });
          onClose();
        },
      },
    );
  }, [replaces, mutate, onClose]);
  if (!replaces) return null;
  return (
    <Confirm
      open
      onOpenChange={onClose}
      title="Replace the draft?"
      confirmLabel={`Replace with version ${from}`}
      keepLabel="Keep the draft"
      onConfirm={() => make.mutate({ discard: true })}
      pending={make.isPending}
      error={make.error?.message}
    >
      A profile has one draft at a time. What is in the present one is lost; the new one starts as version{" "}
      {from}.
    </Confirm>
  );
}
