import { CopyButton } from "@/components/copy-button/copy-button";
import { Fact, Facts } from "@/components/facts/facts";
import { Duration } from "@/components/time/duration";
import { RelativeTime } from "@/components/time/relative-time";
import { MiddleTruncate } from "@/components/ui/middle-truncate";
import { formatCount, formatSize, shortId } from "@/lib/format";
import { isActive } from "@/lib/snapshots/state";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { CancelFacts } from "./cancel-facts";
import { ImageFacts } from "./image-facts";
import { SnapshotLink } from "./snapshot-link";

/** What came out of it, when, where and from what. `lines` is what the log has by now. */
export function SnapshotFacts({ snapshot, lines }: { snapshot: SnapshotWire; lines: number }) {
  return (
    <>
      {snapshot.image ? <ImageFacts image={snapshot.image} removed={snapshot.status === "removed"} /> : null}
      <Timings snapshot={snapshot} />
      <CancelFacts snapshot={snapshot} />
      <Details snapshot={snapshot} lines={lines} />
    </>
  );
}

function Timings({
  snapshot: { queuedAt, startedAt, finishedAt, status, attempt },
}: {
  snapshot: SnapshotWire;
}) {
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
  const { baseImage, host, worker, mode, trigger, builtOn, builtOnId, steps, log, id } = snapshot;
  const reused = steps.filter(({ reusedFrom }) => reusedFrom !== null).length;
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
      {builtOn !== null && builtOnId ? (
        <Fact name="Built upon">
          <SnapshotLink id={builtOnId} number={builtOn} />
        </Fact>
      ) : null}
      {reused > 0 ? <Fact name="Reused">{formatCount(reused, "step")}</Fact> : null}
      <Fact name="Log" className="font-mono text-xs">
        {Math.max(lines, log.lines).toLocaleString("en")} lines
      </Fact>
      {log.truncatedBytes > 0 ? <Fact name="Left out of it">{formatSize(log.truncatedBytes)}</Fact> : null}
      {trigger === "try" && log.expiresAt ? (
        <Fact name="Deleted">
          <RelativeTime at={log.expiresAt} />
        </Fact>
      ) : null}
      <Fact name="Id" className="font-mono text-xs">
        <span title={id}>…{shortId(id)}</span>
        <CopyButton value={id} label="Copy snapshot id" />
      </Fact>
    </Facts>
  );
}
