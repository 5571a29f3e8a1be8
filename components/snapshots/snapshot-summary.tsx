import Link from "next/link";
import { CopyButton } from "@/components/copy-button/copy-button";
import { ServingTag } from "@/components/status/serving-tag";
import { StatusBadge } from "@/components/status/status-badge";
import { Duration } from "@/components/time/duration";
import { RelativeTime } from "@/components/time/relative-time";
import { MiddleTruncate } from "@/components/ui/middle-truncate";
import { formatSize, shortId } from "@/lib/format";
import { isActive } from "@/lib/snapshots/state";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { Fact, Facts } from "./facts";
import { ImageFacts } from "./image-facts";
import { StepTimeline } from "./step-timeline";
import { reasonOf } from "./words";

/** What it is, who wanted it and how it went: the column beside the log. */
export function SnapshotSummary({ snapshot, lines, onJump }: { snapshot: SnapshotWire; lines: number; onJump: (line: number) => void }) {
  const { profile, version, number, status, image } = snapshot;
  return (
    <>
      <header className="flex flex-col gap-2 px-4 pt-5 pb-4">
        <div className="flex flex-wrap items-center gap-2">
          <StatusBadge status={status} since={status === "running" ? snapshot.startedAt : null} />
          {snapshot.serving ? <ServingTag /> : null}
        </div>
        <h1 className="text-xl font-semibold tracking-tight">
          <span className="sr-only">Snapshot </span>#{number}
        </h1>
        <p className="text-sm">
          <Link href={`/profiles/${profile.slug}`} className="underline decoration-border-strong underline-offset-3 hover:decoration-current">
            {profile.name}
          </Link>{" "}
          <span className="text-muted">version {version}</span>
        </p>
        <p className="text-sm text-muted">
          {reasonOf(snapshot)} <RelativeTime at={snapshot.queuedAt} />
        </p>
        {isActive(status) && snapshot.cancelRequestedAt ? (
          <p className="text-sm font-medium">Cancelling… asked by {snapshot.cancelRequestedBy ?? "somebody"}</p>
        ) : null}
      </header>
      <section className="border-t px-2 py-3" aria-label="Steps">
        <StepTimeline steps={snapshot.steps} onJump={onJump} />
      </section>
      {image ? <ImageFacts image={image} removed={status === "removed"} /> : null}
      <Timings snapshot={snapshot} />
      <Details snapshot={snapshot} lines={lines} />
    </>
  );
}

function Timings({ snapshot: { queuedAt, startedAt, finishedAt, status, attempt } }: { snapshot: SnapshotWire }) {
  const waitedUntil = startedAt ?? finishedAt;
  return (
    <Facts title="Timings">
      <Fact name="Queued">
        <RelativeTime at={queuedAt} />
      </Fact>
      <Fact name={isActive(status) && !startedAt ? "Waiting" : "Waited"}>
        <Duration from={queuedAt} to={waitedUntil} className="font-mono text-xs" />
      </Fact>
      {startedAt ? (
        <Fact name={finishedAt ? "Took" : "Running"}>
          <Duration from={startedAt} to={finishedAt} className="font-mono text-xs" />
        </Fact>
      ) : null}
      {attempt > 1 ? <Fact name="Attempt">{attempt}</Fact> : null}
    </Facts>
  );
}

function Details({ snapshot, lines }: { snapshot: SnapshotWire; lines: number }) {
  const { baseImage, host, worker, mode, log, id } = snapshot;
  return (
    <Facts title="Details">
      {baseImage ? (
        <Fact name="Base image" className="font-mono text-xs">
          <MiddleTruncate text={baseImage.reference} />
          <CopyButton value={baseImage.digest ?? baseImage.id} label="Copy base image id" />
        </Fact>
      ) : null}
      {host ? (
        <Fact name="Host" className="font-mono text-xs">
          <MiddleTruncate text={host} />
        </Fact>
      ) : null}
      {worker ? (
        <Fact name="Worker" className="font-mono text-xs">
          <MiddleTruncate text={worker} />
        </Fact>
      ) : null}
      {mode === "incremental" ? <Fact name="Mode">Incremental</Fact> : null}
      <Fact name="Log" className="font-mono text-xs">
        {Math.max(lines, log.lines).toLocaleString("en")} lines
      </Fact>
      {log.truncatedBytes > 0 ? <Fact name="Left out of it">{formatSize(log.truncatedBytes)}</Fact> : null}
      <Fact name="Id" className="font-mono text-xs">
        <span title={id}>…{shortId(id)}</span>
        <CopyButton value={id} label="Copy snapshot id" />
      </Fact>
    </Facts>
  );
}
