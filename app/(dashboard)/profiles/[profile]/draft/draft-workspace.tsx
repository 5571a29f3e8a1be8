"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { BaseFields } from "@/components/profiles/base-fields";
import { CacheFields } from "@/components/profiles/cache-fields";
import { CheckField } from "@/components/profiles/check-field";
import { EnvRows } from "@/components/profiles/env-rows";
import { FileRows } from "@/components/profiles/file-rows";
import { LimitFields } from "@/components/profiles/limit-fields";
import { PackageFields } from "@/components/profiles/package-fields";
import { PersistentFields } from "@/components/profiles/persistent-fields";
import { RepositoryRows } from "@/components/profiles/repository-rows";
import { ScriptFields } from "@/components/profiles/script-fields";
import { SecretFields } from "@/components/profiles/secret-fields";
import { draftQuery } from "@/lib/profiles/queries";
import type { DraftWire } from "@/lib/profiles/wire";
import { secretNamesQuery } from "@/lib/secrets/queries";
import { useProfile } from "../use-profile";
import { ConflictBanner } from "./conflict-banner";
import { useDraftDesk, useDraftView } from "./draft-context";
import { DraftSkeleton } from "./draft-skeleton";
import { DraftToolbar } from "./draft-toolbar";
import { LeaveGuard } from "./leave-guard";
import { NoDraft } from "./no-draft";

/** The draft's form. What was kept from before is only known in the browser, so the first render is the server's. */
export function DraftWorkspace({ slug }: { slug: string }) {
  const desk = useDraftDesk();
  const { data } = useQuery({ ...draftQuery(slug), enabled: desk.isWanted });
  const profile = useProfile(slug);
  const open = useSyncExternalStore(desk.subscribe, desk.current, () => null);
  if (!profile.draft && !open?.unsaved()) return <NoDraft slug={slug} />;
  if (!data) return <DraftSkeleton />;
  return <Editing slug={slug} draft={data} />;
}

function Editing({ slug, draft }: { slug: string; draft: DraftWire }) {
  const desk = useDraftDesk();
  const [store] = useState(() => desk.open(draft));
  const { form, errors } = useDraftView(store);
  const known = useQuery(secretNamesQuery());
  useEffect(() => desk.announce(), [desk]);
  useEffect(() => store.arrived(draft), [store, draft]);
  const fields = { form, errors, onEdit: (change: Partial<typeof form>) => store.edit(change) };
  return (
    <div data-fills="" className="flex min-h-0 flex-1 flex-col gap-4">
      <LeaveGuard store={store} slug={slug} />
      <ConflictBanner store={store} />
      <DraftToolbar store={store} slug={slug} basedOn={draft.basedOn} />
      <div className="grid min-h-0 flex-1 grid-cols-1 gap-x-6 gap-y-8 xl:grid-cols-[minmax(0,28rem)_minmax(0,1fr)] xl:grid-rows-[minmax(0,1fr)]">
        <div className="flex flex-col gap-7 xl:-ml-1 xl:overflow-y-auto xl:pr-4 xl:pl-1">
          <BaseFields {...fields} />
          <PackageFields {...fields} />
          <FileRows {...fields} />
          <RepositoryRows {...fields} secrets={known.data} />
          <EnvRows {...fields} />
          <SecretFields {...fields} known={known.data} />
          <CacheFields {...fields} />
          <PersistentFields {...fields} />
          <LimitFields {...fields} />
          <CheckField {...fields} />
        </div>
        <div className="flex h-112 flex-col max-xl:order-first xl:h-auto">
          <ScriptFields {...fields} />
        </div>
      </div>
    </div>
  );
}
