"use client";

import { useMemo, useRef } from "react";
import { cn } from "@/components/cn";
import { useFollowLog } from "@/components/live/live-events";
import { ExpiredLog } from "@/components/logs/expired-log";
import type { BegunLog } from "@/components/logs/log-store";
import { type LogHandle, LogViewer } from "@/components/logs/log-viewer";
import { FailureCard } from "@/components/snapshots/failure-card";
import { shownSteps } from "@/components/snapshots/shown-steps";
import { SnapshotFacts } from "@/components/snapshots/snapshot-facts";
import { SnapshotSummary } from "@/components/snapshots/snapshot-summary";
import { TryVerdict } from "@/components/snapshots/try-verdict";
import { useBuildTitle } from "@/components/snapshots/use-build-title";
import { nameOf } from "@/components/snapshots/words";
import { isActive } from "@/lib/snapshots/state";
import { FailureActions } from "./failure-actions";
import { InventoryPart } from "./inventory-part";
import { KeptConsole, keptNote } from "./kept-console";
import { useSnapshot } from "./use-snapshot";

/** The summary beside the log. Where there is no room: the summary, the log, and what is less asked for. */
export function SnapshotView({ id, begun }: { id: string; begun: BegunLog }) {
  const snapshot = useSnapshot(id);
  const log = useFollowLog(id, begun);
  const viewer = useRef<LogHandle>(null);
  useBuildTitle(snapshot);
  const { status, failure, kept } = snapshot;
  const { expiredAt } = snapshot.log;
  const label = `Log of ${nameOf(snapshot)}`;
  const steps = useMemo(() => shownSteps(snapshot), [snapshot]);
  const jump = (line: number) => viewer.current?.jumpTo(line);
  return (
    <div className="flex flex-1 flex-col lg:grid lg:h-[calc(100dvh-3.25rem)] lg:flex-none lg:grid-cols-[17.5rem_minmax(0,1fr)] lg:grid-rows-[auto_minmax(0,1fr)]">
      <div className="lg:max-h-[60dvh] lg:overflow-y-auto lg:border-r">
        <SnapshotSummary snapshot={snapshot} steps={steps} onJump={jump} />
      </div>
      <div className="flex min-w-0 flex-col border-t lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:min-h-0 lg:overflow-y-auto lg:border-t-0">
        <TryVerdict snapshot={snapshot} />
        {failure ? (
          <FailureCard
            snapshot={snapshot}
            log={log}
            onJump={jump}
            actions={<FailureActions snapshot={snapshot} />}
            note={keptNote(snapshot)}
          />
        ) : null}
        <div
          className={cn(
            "flex shrink-0 flex-col lg:h-auto lg:min-h-64 lg:flex-1",
            expiredAt === null && "h-[calc(100dvh-6.75rem)]",
          )}
        >
          {expiredAt ? (
            <ExpiredLog label={label} expiredAt={expiredAt} />
          ) : (
            <LogViewer
              ref={viewer}
              view={log}
              steps={steps}
              live={isActive(status)}
              failed={failure !== null}
              failedStep={failure?.step ?? null}
              startedAt={snapshot.startedAt}
              rawHref={`/api/v1/snapshots/${id}/log`}
              label={label}
              empty={isActive(status) ? "Waiting for the first line…" : "This build printed nothing."}
            />
          )}
        </div>
        {kept && !kept.gone ? <KeptConsole id={id} until={kept.until} /> : null}
      </div>
      <div className="lg:col-start-1 lg:row-start-2 lg:overflow-y-auto lg:border-r">
        {status === "ready" || status === "removed" ? <InventoryPart id={id} /> : null}
        <SnapshotFacts snapshot={snapshot} lines={log.count} />
      </div>
    </div>
  );
}
