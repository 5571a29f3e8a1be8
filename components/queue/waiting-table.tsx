import type { ReactNode } from "react";
import { reasonOf } from "@/components/snapshots/words";
import { RelativeTime } from "@/components/time/relative-time";
import { RowControls, RowLink, Table, Td, Th, Tr } from "@/components/ui/table";
import { Tag } from "@/components/ui/tag";
import type { QueueWire } from "@/lib/queue/wire";
import type { SnapshotWire } from "@/lib/snapshots/wire";

/** What waits, in the order in which it is taken. */
export function WaitingTable({
  waiting,
  controls,
}: {
  waiting: QueueWire["waiting"];
  /** What can be done with one; `first` when nothing is before it. */
  controls: (snapshot: SnapshotWire, first: boolean) => ReactNode;
}) {
  return (
    <Table label="Waiting">
      <thead>
        <tr>
          <Th className="w-18">Place</Th>
          <Th>Snapshot</Th>
          <Th className="w-52 max-lg:hidden">Why</Th>
          <Th className="w-28 max-md:hidden">Queued</Th>
          <Th className="w-44 text-right max-sm:w-28">
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {waiting.map(({ snapshot, lane }, place) => (
          <Tr key={snapshot.id}>
            <Td className="font-mono text-xs text-muted">{place + 1}</Td>
            <Td>
              <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
                <RowLink href={`/snapshots/${snapshot.id}`} className="min-w-0 truncate">
                  {snapshot.profile.name}
                </RowLink>
                <span className="text-muted">
                  {snapshot.version === null ? "draft" : `v${snapshot.version}`} #{snapshot.number}
                </span>
                {lane === "next" ? <Tag>Next</Tag> : null}
                {lane === "machines" ? <Tag>In the background</Tag> : null}
              </span>
              {snapshot.waitingReason ? (
                <span className="block text-xs text-muted">{snapshot.waitingReason}</span>
              ) : null}
            </Td>
            <Td className="truncate text-muted max-lg:hidden">{reasonOf(snapshot)}</Td>
            <Td className="text-muted max-md:hidden">
              <RelativeTime at={snapshot.queuedAt} />
            </Td>
            <Td>
              <RowControls>{controls(snapshot, place === 0)}</RowControls>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
