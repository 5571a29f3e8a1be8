"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { PageHeader } from "@/components/frame/page";
import { ComparisonView } from "@/components/inventories/comparison-view";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import type { ComparisonWire, InventoryOf } from "@/lib/inventories/wire";
import { snapshotsQuery } from "@/lib/snapshots/queries";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { useComparison } from "../use-comparison";

/** The snapshot against another one. Which one is in the address; without it, it is the one before. */
export function CompareView({ snapshot: { id, number, profile, version } }: { snapshot: SnapshotWire }) {
  const [other, setOther] = useQueryState("with", parseAsString.withOptions({ history: "push" }));
  const { comparison: data, why } = useComparison(id, other);
  return (
    <>
      <PageHeader title={`What changed in #${number}`} description={`${profile.name}, version ${version}`} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
        <span className="text-muted">Compared with</span>
        <Picker
          slug={profile.slug}
          id={id}
          chosen={data?.with ?? null}
          value={other ?? data?.with.id ?? ""}
          onChoose={(next) => setOther(next)}
        />
        {data ? <span className="text-muted">{choices[data.with.chosen]}</span> : null}
      </div>
      {data ? (
        <ComparisonView comparison={data} />
      ) : why ? (
        <Notice kind="info">{why}</Notice>
      ) : (
        <Loading what="what changed" className="flex flex-col gap-3">
          <Skeleton className="h-5 w-60" />
          <Skeleton className="h-64 w-full" />
        </Loading>
      )}
    </>
  );
}

const choices: Record<ComparisonWire["with"]["chosen"], string> = {
  asked: "",
  earlier_snapshot: "the one before it",
  earlier_version: "the newest one of the version before",
};

/** The profile's newest snapshots that may have an inventory; the chosen one also when it is older. */
function Picker({
  slug,
  id,
  chosen,
  value,
  onChoose,
}: {
  slug: string;
  id: string;
  chosen: InventoryOf | null;
  value: string;
  onChoose: (id: string) => void;
}) {
  const { data } = useQuery(snapshotsQuery({ profile: slug }));
  const listed: Array<Pick<InventoryOf, "id" | "number" | "version">> = (data?.items ?? []).flatMap((each) =>
    each.id !== id && each.version !== null && (each.status === "ready" || each.status === "removed")
      ? [{ ...each, version: each.version }]
      : [],
  );
  const all = chosen && !listed.some((each) => each.id === chosen.id) ? [...listed, chosen] : listed;
  if (all.length === 0) return <span>–</span>;
  const options = all.map((each) => ({ value: each.id, label: `#${each.number} · version ${each.version}` }));
  return (
    <Select
      aria-label="Snapshot to compare with"
      value={value}
      onValueChange={onChoose}
      options={value === "" ? [{ value: "", label: "Choose a snapshot" }, ...options] : options}
      className="w-56"
    />
  );
}
