import { ChevronRight } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "@/components/cn";
import { WhatChanged } from "@/components/inventories/what-changed";
import { ScheduleLine } from "@/components/schedules/schedule-line";
import { LostImage } from "@/components/status/lost-image";
import { StaleSecrets } from "@/components/status/stale-secrets";
import { RelativeTime } from "@/components/time/relative-time";
import { Drift } from "@/components/upstream/drift";
import type { VersionWire } from "@/lib/profiles/wire";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { systemActor } from "@/lib/users/roles";
import { BuildProgress } from "./build-progress";
import { SpecView } from "./spec-view";
import { lossWords, versionState } from "./version-state";
import { VersionStatus } from "./version-status";

/** One version: what state it is in, and unfolded what it is made from and every attempt at it. */
export function VersionRow({
  version,
  open,
  onOpenChange,
  controls,
  history,
}: {
  version: VersionWire;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  controls?: ReactNode;
  /** Asked for only when it is open. */
  history: ReactNode;
}) {
  const panel = useId();
  const state = versionState(version);
  const active = state.active ? version.latestSnapshot : null;
  const changed = changedSnapshot(version);
  const failure = version.latestSnapshot?.failure ?? null;
  return (
    <li className="border-b last:border-b-0">
      <div className="relative flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3 transition-colors hover:bg-hover">
        <div className="flex min-w-0 flex-1 basis-72 flex-col gap-1">
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <h2 className="text-base font-medium">
              <button
                type="button"
                aria-expanded={open}
                aria-controls={panel}
                onClick={() => onOpenChange(!open)}
                className="flex items-center gap-1.5 rounded-sm outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
              >
                <ChevronRight
                  className={cn("size-4 text-muted transition-transform", open && "rotate-90")}
                  aria-hidden="true"
                />
                Version {version.number}
              </button>
            </h2>
            <VersionStatus state={state} withAge />
          </div>
          <div className="flex flex-col gap-1.5 pl-5.5 text-xs text-muted">
            <p>
              <span className="text-ink">{capital(state.words)}.</span> Published{" "}
              <RelativeTime at={version.publishedAt} /> by {version.publishedBy || "Kiln"}
              {changed ? <WhatChanged snapshot={changed} /> : null}
            </p>
            <LostImage words={lossWords(version)} />
            {version.servingChoice && version.servingChoice.by !== systemActor.name ? (
              <p>
                Chosen by {version.servingChoice.by}: {version.servingChoice.reason}
              </p>
            ) : null}
            {version.latestSnapshot?.waitingReason ? <p>{version.latestSnapshot.waitingReason}</p> : null}
            {version.notes && !open ? <p className="truncate">{version.notes}</p> : null}
            {failure ? (
              <p>
                <span className="font-mono">#{version.latestSnapshot?.number}</span> {failure.message}
              </p>
            ) : null}
            <ScheduleLine schedule={version.schedule} />
            <StaleSecrets names={version.staleSecrets} />
            <Drift drift={version.drift} baseImage={version.spec.baseImage} />
            {active ? <BuildProgress snapshot={active} /> : null}
          </div>
        </div>
        {controls ? (
          <div className="relative z-1 flex flex-wrap items-center gap-1 max-sm:pl-5.5 sm:justify-end">
            {controls}
          </div>
        ) : null}
      </div>
      <div id={panel} hidden={!open} className="border-t bg-background">
        {open ? (
          <div className="grid gap-8 px-4 py-5 lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-10 lg:pl-9.5">
            <div className="flex min-w-0 flex-col gap-5">
              {version.notes ? (
                <p className="max-w-prose text-sm whitespace-pre-wrap">{version.notes}</p>
              ) : null}
              <SpecView spec={version.spec} of={`version ${version.number}`} />
            </div>
            <div className="flex flex-col gap-2">
              <h3 className="text-sm font-medium">Snapshots</h3>
              {history}
            </div>
          </div>
        ) : null}
      </div>
    </li>
  );
}

/** The newest one that has something inside, unless nothing can be before it. */
function changedSnapshot({ latestSnapshot, servingSnapshot }: VersionWire): SnapshotWire | null {
  const newest = latestSnapshot?.status === "ready" ? latestSnapshot : servingSnapshot;
  return newest && newest.number > 1 ? newest : null;
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
