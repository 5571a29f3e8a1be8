import { cn } from "@/components/cn";
import { SnapshotLink } from "@/components/snapshots/snapshot-link";
import { lookOf } from "@/components/status/looks";
import { StatusBadge } from "@/components/status/status-badge";
import { StatusIcon } from "@/components/status/status-icon";
import { Duration } from "@/components/time/duration";
import { RelativeTime } from "@/components/time/relative-time";
import { Link } from "@/components/ui/link";
import type { VersionState } from "./version-state";

/** The facts of a version on one line: may sessions start, and how the latest attempt went. */
export function VersionStatus({
  state,
  withAge = false,
  className,
}: {
  state: VersionState;
  /** Says how old the serving snapshot is. */
  withAge?: boolean;
  className?: string;
}) {
  return (
    <span className={cn("flex flex-wrap items-center gap-x-3 gap-y-1 text-sm", className)}>
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
        <FirstFact state={state} withAge={withAge} />
      </span>
      {state.later ? <Later later={state.later} /> : null}
    </span>
  );
}

function FirstFact({ state, withAge }: { state: VersionState; withAge: boolean }) {
  if (state.status === "none") return <span className="text-muted">no snapshot</span>;
  const since = state.status === "running" ? state.active?.startedAt : null;
  const { serving, latest } = state;
  return (
    <>
      <StatusBadge status={state.status} since={since} />
      <span className="text-muted">
        {serving ? (
          <>
            · {state.pinned ? "pinned to" : "serving"}{" "}
            <SnapshotLink id={serving.id} number={serving.number} />
            {withAge && serving.finishedAt ? (
              <>
                , <RelativeTime at={serving.finishedAt} />
              </>
            ) : null}
          </>
        ) : latest ? (
          <>
            · <SnapshotLink id={latest.id} number={latest.number} />{" "}
            {latest.finishedAt ? <RelativeTime at={latest.finishedAt} /> : null}
          </>
        ) : null}
      </span>
    </>
  );
}

function Later({ later }: { later: NonNullable<VersionState["later"]> }) {
  const look = lookOf({ status: later.status });
  return (
    <span className={cn("inline-flex items-center gap-1.5 whitespace-nowrap", look.className)}>
      <StatusIcon shape={look.shape} />
      <Link href={`/snapshots/${later.id}`} className="relative z-1 rounded-sm hover:underline">
        {later.words}
      </Link>
      {later.status === "running" && later.startedAt ? (
        <Duration from={later.startedAt} className="font-mono text-xs" />
      ) : null}
      {later.finishedAt ? <RelativeTime at={later.finishedAt} /> : null}
    </span>
  );
}
