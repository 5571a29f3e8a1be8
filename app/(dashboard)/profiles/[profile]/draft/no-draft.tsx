"use client";

import { PencilLine } from "lucide-react";
import { useState } from "react";
import { useMay } from "@/components/frame/user-context";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { useProfile } from "../use-profile";
import { NewDraft } from "./new-draft";

/** Everything is published: what a draft is for, and how to get one. */
export function NoDraft({ slug }: { slug: string }) {
  const { latestVersion, archivedAt } = useProfile(slug);
  const mayChange = useMay("operator") && !archivedAt;
  const [drafting, setDrafting] = useState(false);
  return (
    <>
      <EmptyState
        title="There is no draft."
        actions={
          mayChange && latestVersion ? (
            <Button icon={<PencilLine />} onClick={() => setDrafting(true)}>
              New draft from version {latestVersion}
            </Button>
          ) : null
        }
      >
        {latestVersion
          ? `Version ${latestVersion} is the newest, and it can't be changed. A draft is where the next one is written.`
          : "It was discarded before a version was published. Make a new profile to start again."}
      </EmptyState>
      {drafting && latestVersion ? (
        <NewDraft slug={slug} from={latestVersion} replaces={false} onClose={() => setDrafting(false)} />
      ) : null}
    </>
  );
}
