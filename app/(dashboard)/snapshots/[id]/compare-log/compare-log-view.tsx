"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsBoolean, parseAsString, useQueryState } from "nuqs";
import { PageHeader } from "@/components/frame/page";
import { LogDiffView } from "@/components/logs/log-diff-view";
import { comparedOf, MOST_COMPARED, useLogDiff } from "@/components/logs/use-log-diff";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { ToggleChips } from "@/components/ui/toggle-chips";
import { formatCount } from "@/lib/format";
import { snapshotQuery, snapshotsQuery } from "@/lib/snapshots/queries";
import type { SnapshotWire } from "@/lib/snapshots/wire";

interface CompareLogProps {
  snapshot: SnapshotWire;
  /** What it is compared with unless the address says otherwise. */
  lastGood: SnapshotWire | null;
}

/** A snapshot's log against another one's: what is new in it. Which one is in the address. */
export function CompareLogView({ snapshot, lastGood }: CompareLogProps) {
  const [other, setOther] = useQueryState("with", parseAsString.withOptions({ history: "push" }));
  const [onlyNew, setOnlyNew] = useQueryState("new", parseAsBoolean.withDefault(false));
  const asked = useQuery({ ...snapshotQuery(other ?? ""), enabled: other !== null });
  const before = other === null ? lastGood : (asked.data ?? null);
  const gone = [before, snapshot].find((each) => each?.log.expiredAt);
  const { data, error } = useLogDiff(gone ? null : before, snapshot);
  const why =
    (gone ? goneNote(gone) : null) ??
    asked.error?.message ??
    error?.message ??
    (other === null && !lastGood
      ? `No snapshot before #${snapshot.number} that ended well still has its log. Choose one to compare with.`
      : null);
  return (
    <>
      <PageHeader
        title={`What is new in the log of #${snapshot.number}`}
        description="Times, durations, ids, hashes and temporary names don't count."
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
        <span className="text-muted">Compared with</span>
        <Picker snapshot={snapshot} before={before} onChoose={setOther} />
        {other === null && lastGood ? <span className="text-muted">the last good one</span> : null}
        <div className="sm:ml-auto">
          <ToggleChips
            label="Shown lines"
            value={onlyNew ? "new" : "all"}
            onValueChange={(value) => setOnlyNew(value === "new" || null)}
            options={[
              { value: "all", label: "All differences" },
              { value: "new", label: "Only what is new" },
            ]}
          />
        </div>
      </div>
      {[before, snapshot].some((each) => each && comparedOf(each).from > 1) ? (
        <Notice kind="info">
          Of each log the last {MOST_COMPARED.toLocaleString("en")} lines are compared.
        </Notice>
      ) : null}
      {data && before ? (
        <>
          <p className="text-sm" role="status">
            {formatCount(data.added, "new line")}, {formatCount(data.gone, "line")} gone.
          </p>
          <LogDiffView diff={data} beforeId={before.id} afterId={snapshot.id} onlyNew={onlyNew} />
        </>
      ) : why ? (
        <Notice kind="info">{why}</Notice>
      ) : (
        <Loading what="what is new" className="flex flex-col gap-3">
          <Skeleton className="h-5 w-60" />
          <Skeleton className="h-64 w-full" />
        </Loading>
      )}
    </>
  );
}

const goneNote = ({ number, log }: SnapshotWire) =>
  `The log of #${number} was deleted on ${log.expiredAt?.slice(0, 10)}, when its time was over. Choose another one to compare with.`;

/** The profile's newest snapshots; the chosen one also when it is older. */
function Picker({
  snapshot: { id, profile },
  before,
  onChoose,
}: {
  snapshot: SnapshotWire;
  before: SnapshotWire | null;
  onChoose: (id: string) => void;
}) {
  const { data } = useQuery(snapshotsQuery({ profile: profile.slug }));
  const listed = (data?.items ?? []).filter((each) => each.id !== id);
  const all = before && !listed.some((each) => each.id === before.id) ? [...listed, before] : listed;
  if (all.length === 0) return <span>–</span>;
  const options = all.map((each) => ({
    value: each.id,
    label: `#${each.number} · ${each.version === null ? "try" : `version ${each.version}`} · ${each.status}`,
  }));
  return (
    <Select
      aria-label="Snapshot to compare with"
      value={before?.id ?? ""}
      onValueChange={onChoose}
      options={before ? options : [{ value: "", label: "Choose a snapshot" }, ...options]}
      className="w-64"
    />
  );
}
