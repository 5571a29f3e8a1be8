import { X } from "lucide-react";
import { lookOf } from "@/components/status/looks";
import { ChipGroup, ChipLink } from "@/components/ui/chip";
import type { SnapshotFilter } from "@/lib/snapshots/queries";
import { snapshotStatuses } from "@/lib/snapshots/state";

/** The address of the list with this filter, on its first page. */
export function snapshotsHref({ status, profile, cursor }: SnapshotFilter): string {
  const search = new URLSearchParams();
  if (profile) search.set("profile", profile);
  if (status) search.set("status", status);
  if (cursor) search.set("cursor", cursor);
  return search.size > 0 ? `/snapshots?${search}` : "/snapshots";
}

/** Chips in the address: the status, and the profile that a link from elsewhere asked for. */
export function SnapshotFilters({ filter: { status, profile } }: { filter: SnapshotFilter }) {
  const within = profile ? { profile } : {};
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-2">
      <ChipGroup label="Status">
        <ChipLink href={snapshotsHref(within)} active={!status}>
          All
        </ChipLink>
        {snapshotStatuses.map((each) => (
          <ChipLink key={each} href={snapshotsHref({ ...within, status: each })} active={status === each}>
            <span className="first-letter:uppercase">{lookOf({ status: each }).word}</span>
          </ChipLink>
        ))}
      </ChipGroup>
      {profile ? (
        <ChipGroup label="Profile">
          <ChipLink href={snapshotsHref(status ? { status } : {})} active>
            <span className="sr-only">Not only of</span>
            {profile}
            <X aria-hidden="true" />
          </ChipLink>
        </ChipGroup>
      ) : null}
    </div>
  );
}
