"use client";

import { Archive, ArchiveRestore } from "lucide-react";
import { useState } from "react";
import { updateProfile } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import { toast } from "@/components/ui/toast";
import { useProfile } from "../use-profile";

/** Takes the profile out of use, or brings it back. */
export function ArchiveProfile({ slug }: { slug: string }) {
  const profile = useProfile(slug);
  const mayChange = useMay("operator");
  const [asking, setAsking] = useState(false);
  const update = useAction(updateProfile, (saved) => {
    setAsking(false);
    toast({ title: saved.archivedAt ? `${saved.name} is archived.` : `${saved.name} is back in use.` });
  });
  if (!mayChange) return null;
  if (profile.archivedAt) {
    return (
      <Section
        title="Archived"
        description="It isn't in the list, and no session can start from it. Its versions, snapshots and logs are here."
      >
        {update.error ? <Notice kind="failed">{update.error.message}</Notice> : null}
        <Button
          icon={<ArchiveRestore />}
          className="self-start"
          pending={update.isPending}
          onClick={() => update.mutate({ profile: slug, archived: false })}
        >
          Bring back
        </Button>
      </Section>
    );
  }
  return (
    <Section
      title="Archive"
      description="Takes the profile out of the list and stops new sessions. Nothing is deleted, and you can bring it back."
    >
      <Button variant="danger" icon={<Archive />} className="self-start" onClick={() => setAsking(true)}>
        Archive profile
      </Button>
      <Confirm
        open={asking}
        onOpenChange={(open) => {
          setAsking(open);
          update.reset();
        }}
        title={`Archive ${profile.name}?`}
        confirmLabel="Archive profile"
        onConfirm={() => update.mutate({ profile: slug, archived: true })}
        pending={update.isPending}
        error={update.error?.message}
      >
        It leaves the list, and no session can start from it. Versions, snapshots and logs stay, and you can
        bring it back.
      </Confirm>
    </Section>
  );
}
