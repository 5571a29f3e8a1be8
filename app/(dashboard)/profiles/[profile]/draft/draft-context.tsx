"use client";

import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useSyncExternalStore } from "react";
import { createDraft, saveDraft } from "@/app/actions/profiles";
import { draftQuery } from "@/lib/profiles/queries";
import type { DraftWire } from "@/lib/profiles/wire";
import { type DraftPorts, DraftStore, type DraftView } from "./draft-store";
import { readStash, writeStash } from "./stash";

/** Holds the profile's draft while it is edited, above its tabs: switching between them loses nothing. */
class DraftDesk {
  private store: DraftStore | null = null;
  private over = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly ports: DraftPorts,
    private readonly profile: string,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly current = (): DraftStore | null => this.store;
  /** Not after it was published or discarded here: asking for it again would only bring a 404. */
  readonly isWanted = (): boolean => !this.over;

  open(draft: DraftWire): DraftStore {
    this.over = false;
    this.store ??= new DraftStore(draft, this.ports, readStash(this.profile));
    return this.store;
  }

  /** Tells the top bar that there is a draft now; not while rendering. */
  announce(): void {
    for (const listener of this.listeners) listener();
  }

  /** The draft was published or discarded here: nothing of it is to be kept. */
  forget(): void {
    this.over = true;
    this.store = null;
    this.ports.stash(null);
    this.announce();
  }

  leave(): void {
    this.store?.close();
  }
}

const DeskContext = createContext<DraftDesk | null>(null);

export function DraftProvider({ profile, children }: { profile: string; children: ReactNode }) {
  const client = useQueryClient();
  const desk = useMemo(() => {
    const ports: DraftPorts = {
      save: async (revision, spec) => {
        const result = await saveDraft({ profile, revision, spec });
        // So that coming back to the tab doesn't start from the text before.
        if (result.ok) client.setQueryData(draftQuery(profile).queryKey, result.value);
        return result;
      },
      load: () => client.fetchQuery({ ...draftQuery(profile), staleTime: 0 }),
      revive: () => createDraft({ profile }),
      stash: (kept) => writeStash(profile, kept),
    };
    return new DraftDesk(ports, profile);
  }, [client, profile]);
  useEffect(() => () => desk.leave(), [desk]);
  return <DeskContext value={desk}>{children}</DeskContext>;
}

export function useDraftDesk(): DraftDesk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("DraftProvider is missing around this page.");
  return desk;
}

/** The draft that is being edited, or null when none has been opened yet. */
export function useOpenDraft(): DraftStore | null {
  const desk = useDraftDesk();
  return useSyncExternalStore(desk.subscribe, desk.current, () => null);
}

export function useDraftView(store: DraftStore): DraftView {
  return useSyncExternalStore(store.subscribe, store.view, store.atServer);
}
