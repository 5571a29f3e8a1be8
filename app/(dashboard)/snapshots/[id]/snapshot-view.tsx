"use client";

import { useRef } from "react";
import { useFollowLog } from "@/components/live/live-events";
import { type LogHandle, LogViewer } from "@/components/logs/log-viewer";
import { FailureCard } from "@/components/snapshots/failure-card";
import { SnapshotSummary } from "@/components/snapshots/snapshot-summary";
import { useBuildTitle } from "@/components/snapshots/use-build-title";
import { nameOf } from "@/components/snapshots/words";
import { isActive } from "@/lib/snapshots/state";
import { RefreshButton } from "./refresh-button";
import { useSnapshot } from "./use-snapshot";

/** The summary beside the log, or above it where there is no room. */
export function SnapshotView({ id }: { id: string }) {
  const snapshot = useSnapshot(id);
  const log = useFollowLog(id);
  const viewer = useRef<LogHandle>(null);
  useBuildTitle(snapshot);
  const { status, failure } = snapshot;
  return (
    <div className="flex flex-1 flex-col lg:h-[calc(100dvh-3.25rem)] lg:flex-none lg:flex-row">
      <div className="lg:w-70 lg:shrink-0 lg:overflow-y-auto lg:border-r">
        <SnapshotSummary snapshot={snapshot} lines={log.count} onJump={(line) => viewer.current?.jumpTo(line)} />
      </div>
      <div className="flex min-w-0 flex-col border-t lg:min-h-0 lg:flex-1 lg:border-t-0">
        {failure ? <FailureCard snapshot={snapshot} log={log} actions={<RefreshButton snapshot={snapshot} label="Retry" />} /> : null}
        <div className="flex h-[calc(100dvh-6.75rem)] flex-col lg:h-auto lg:min-h-0 lg:flex-1">
          <LogViewer
            ref={viewer}
            view={log}
            steps={snapshot.steps}
            live={isActive(status)}
            failedStep={failure?.step ?? null}
            startedAt={snapshot.startedAt}
            rawHref={`/api/v1/snapshots/${id}/log`}
            label={`Log of ${nameOf(snapshot)}`}
            empty={isActive(status) ? "Waiting for the first line…" : log.complete ? "This build printed nothing." : "Loading the log…"}
          />
        </div>
      </div>
    </div>
  );
}
