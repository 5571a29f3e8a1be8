import type { ReactNode } from "react";
import { Fact } from "@/components/facts/facts";
import { Link } from "@/components/ui/link";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { formatCount, formatSize } from "@/lib/format";
import type { ComparisonWire, InventorySummary } from "@/lib/inventories/wire";
import { ChangeMark } from "./change-mark";
import {
  formatSizeDifference,
  isUnchanged,
  nameBeside,
  packageChanges,
  packageCounts,
  whyNoInventory,
} from "./words";

const SHOWN = 5;
const linkClass =
  "self-start rounded-sm text-sm underline decoration-border-strong underline-offset-3 hover:decoration-current";

/** What is in a snapshot and what is new in it, in a few lines beside its log. */
export function InventoryFacts({
  summary,
  changes,
  whyNoChanges,
}: {
  summary: InventorySummary;
  /** Undefined while it is on its way, or where there is nothing to compare with. */
  changes: ComparisonWire | undefined;
  whyNoChanges: string | null;
}) {
  const { snapshot, previous } = summary;
  const why = whyNoInventory(summary);
  return (
    <>
      <Part title="What is in it">
        {why ? (
          <p className="text-sm text-muted">{why}</p>
        ) : (
          <>
            <dl className="flex flex-col gap-1.5 text-sm">
              <Fact name="Packages" className="font-mono text-xs">
                {packageCounts(summary.packages)}
              </Fact>
              <Fact name={summary.baseKnown ? "New programs" : "Programs"} className="font-mono text-xs">
                {summary.executables.toLocaleString("en")}
              </Fact>
              <Fact name="Files" className="font-mono text-xs">
                {summary.files.toLocaleString("en")} · {formatSize(summary.bytes)}
              </Fact>
            </dl>
            <Link href={`/snapshots/${snapshot.id}/inventory`} className={linkClass}>
              Everything that is in it
            </Link>
          </>
        )}
      </Part>
      {!why && previous ? (
        <Part title={`Changes since ${nameBeside(previous, snapshot.version)}`}>
          {changes ? (
            <Changes changes={changes} />
          ) : whyNoChanges ? (
            <p className="text-sm text-muted">{whyNoChanges}</p>
          ) : (
            <Loading what="changes">
              <Skeleton className="w-40" />
            </Loading>
          )}
          <Link href={`/snapshots/${snapshot.id}/compare`} className={linkClass}>
            What changed
          </Link>
        </Part>
      ) : null}
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2 border-t px-4 py-4">
      <h2 className="text-xs font-medium text-muted">{title}</h2>
      {children}
    </section>
  );
}

function Changes({ changes }: { changes: ComparisonWire }) {
  if (isUnchanged(changes)) return <p className="text-sm">Nothing: the same packages, programs and sizes.</p>;
  const { packages, executables } = changes;
  const first = [
    ...packages.changed.map(({ name, from, to }) => ({
      kind: "changed" as const,
      name,
      detail: `${from} → ${to}`,
    })),
    ...packages.added.map(({ name, version }) => ({ kind: "added" as const, name, detail: version })),
    ...packages.removed.map(({ name, version }) => ({ kind: "removed" as const, name, detail: version })),
  ];
  return (
    <>
      <p className="text-sm">
        {packageChanges(packages)}
        {executables.added.length > 0 ? `, ${formatCount(executables.added.length, "new program")}` : ""}.{" "}
        <span className="font-mono text-xs whitespace-nowrap text-muted">
          {formatSizeDifference(changes.bytes)}
        </span>
      </p>
      <ul className="flex flex-col gap-1">
        {first.slice(0, SHOWN).map(({ kind, name, detail }) => (
          <li
            key={`${kind} ${name} ${detail}`}
            className="flex min-w-0 items-center gap-1.5 font-mono text-xs"
          >
            <ChangeMark kind={kind} compact />
            <span className="max-w-1/2 shrink-0 truncate">{name}</span>
            <span className="truncate text-muted" title={detail}>
              {detail}
            </span>
          </li>
        ))}
      </ul>
      {first.length > SHOWN ? (
        <p className="text-xs text-muted">and {(first.length - SHOWN).toLocaleString("en")} more</p>
      ) : null}
    </>
  );
}
