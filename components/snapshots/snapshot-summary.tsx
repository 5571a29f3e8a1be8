import { LostImage } from "@/components/status/lost-image";
import { ServingTag } from "@/components/status/serving-tag";
import { StaleSecrets } from "@/components/status/stale-secrets";
import { StatusBadge } from "@/components/status/status-badge";
import { RelativeTime } from "@/components/time/relative-time";
import { Link } from "@/components/ui/link";
import { isActive } from "@/lib/snapshots/state";
import type { SnapshotWire, StepWire } from "@/lib/snapshots/wire";
import { StepTimeline } from "./step-timeline";
import { ofWhat, reasonOf } from "./words";

interface SnapshotSummaryProps {
  snapshot: SnapshotWire;
  steps: readonly StepWire[];
  onJump: (line: number) => void;
}

/** What it is, who wanted it and how far it is. */
export function SnapshotSummary({ snapshot, steps, onJump }: SnapshotSummaryProps) {
  const { profile, version, number, status } = snapshot;
  return (
    <>
      <header className="flex flex-col gap-2 px-4 pt-5 pb-4">
        <div className="flex flex-wrap items-center gap-2">
          <StatusBadge status={status} since={status === "running" ? snapshot.startedAt : null} />
          {snapshot.serving ? <ServingTag /> : null}
        </div>
        <h1 className="text-xl font-semibold tracking-tight">
          <span className="sr-only">{version === null ? "Try " : "Snapshot "}</span>#{number}
        </h1>
        <p className="text-sm">
          <Link
            href={`/profiles/${profile.slug}`}
            className="underline decoration-border-strong underline-offset-3 hover:decoration-current"
          >
            {profile.name}
          </Link>{" "}
          <span className="text-muted">{ofWhat(snapshot)}</span>
        </p>
        <p className="text-sm text-muted">
          {reasonOf(snapshot)} <RelativeTime at={snapshot.queuedAt} />
        </p>
        {snapshot.waitingReason ? <p className="text-sm font-medium">{snapshot.waitingReason}</p> : null}
        {isActive(status) && snapshot.cancelRequestedAt ? (
          <p className="text-sm font-medium">
            Cancelling… asked by {snapshot.cancelRequestedBy ?? "somebody"}{" "}
            <RelativeTime at={snapshot.cancelRequestedAt} />
          </p>
        ) : null}
        <LostImage words={snapshot.lost?.message} />
        <StaleSecrets names={snapshot.staleSecrets} />
      </header>
      <section className="border-t px-2 py-3" aria-label="Steps">
        <StepTimeline steps={steps} onJump={onJump} />
      </section>
    </>
  );
}
