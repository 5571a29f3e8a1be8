import { Equal } from "lucide-react";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import type { ComparisonWire } from "@/lib/inventories/wire";
import { FolderTable } from "./folder-table";
import { PackageChanges } from "./package-changes";
import { ProgramList } from "./program-list";
import {
  formatCountDifference,
  formatSizeDifference,
  isUnchanged,
  nameBeside,
  packageChanges,
} from "./words";

/** What one snapshot has that another hasn't. */
export function ComparisonView({ comparison }: { comparison: ComparisonWire }) {
  const { packages, executables, folders, snapshot } = comparison;
  if (isUnchanged(comparison))
    return (
      <EmptyState icon={<Equal />} title="Nothing changed">
        #{snapshot.number} and {nameBeside(comparison.with, snapshot.version)} have the same packages,
        programs and sizes.
      </EmptyState>
    );
  const programs = [
    ...executables.added.map((path) => ({ path, kind: "added" as const })),
    ...executables.removed.map((path) => ({ path, kind: "removed" as const })),
  ];
  const anyPackage = packages.added.length + packages.removed.length + packages.changed.length > 0;
  return (
    <div className="flex flex-col gap-6">
      {comparison.truncated ? (
        <Notice kind="info">One of the two has more than is kept, so something may be missing here.</Notice>
      ) : null}
      <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <Section title="Packages" description={`${packageChanges(packages)}.`}>
          {anyPackage ? <PackageChanges packages={packages} /> : null}
        </Section>
        <div className="flex min-w-0 flex-col gap-8">
          <Section
            title="Size"
            description={`${formatSizeDifference(comparison.bytes)}, ${formatCountDifference(comparison.files)} files`}
          >
            {folders.length > 0 ? (
              <FolderTable
                label="Folders that differ"
                folders={folders}
                files={formatCountDifference}
                bytes={formatSizeDifference}
              />
            ) : null}
          </Section>
          <Section title="Programs on PATH">
            {programs.length > 0 ? (
              <ProgramList label="Programs that differ" programs={programs} />
            ) : (
              <p className="text-sm text-muted">The same ones.</p>
            )}
          </Section>
        </div>
      </div>
    </div>
  );
}
