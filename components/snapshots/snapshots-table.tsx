import { ServingTag } from "@/components/status/serving-tag";
import { StatusBadge } from "@/components/status/status-badge";
import { Duration } from "@/components/time/duration";
import { RelativeTime } from "@/components/time/relative-time";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { RowLink, Table, Td, Th, Tr } from "@/components/ui/table";
import { formatSize } from "@/lib/format";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { reasonOf } from "./words";

const widths = {
  number: "w-20",
  profile: "",
  status: "w-32 sm:w-44",
  reason: "w-56 max-lg:hidden",
  queued: "w-28 max-md:hidden",
  took: "w-24 text-right max-md:hidden",
  size: "w-28 text-right max-xl:hidden",
};

/** Snapshots, one a row; a press anywhere in it opens the snapshot. */
export function SnapshotsTable({ snapshots }: { snapshots: readonly SnapshotWire[] }) {
  return (
    <Table label="Snapshots">
      <Head />
      <tbody>
        {snapshots.map((snapshot) => (
          <Row key={snapshot.id} snapshot={snapshot} />
        ))}
      </tbody>
    </Table>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <Th className={widths.number}>Number</Th>
        <Th className={widths.profile}>Profile</Th>
        <Th className={widths.status}>Status</Th>
        <Th className={widths.reason}>Why</Th>
        <Th className={widths.queued}>Queued</Th>
        <Th className={widths.took}>Took</Th>
        <Th className={widths.size}>Size</Th>
      </tr>
    </thead>
  );
}

function Row({ snapshot }: { snapshot: SnapshotWire }) {
  const { id, number, profile, version, status, startedAt, finishedAt, queuedAt, image, failure } = snapshot;
  return (
    <Tr>
      <Td className="font-mono text-xs">
        <RowLink href={`/snapshots/${id}`}>#{number}</RowLink>
      </Td>
      <Td>
        <span className="flex min-w-0 items-center gap-2">
          <span className="truncate">{profile.name}</span>
          <span className="shrink-0 text-muted">{version === null ? "draft" : `v${version}`}</span>
        </span>
        {failure ? <span className="block truncate text-xs text-muted">{failure.message}</span> : null}
      </Td>
      <Td>
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <StatusBadge status={status} since={status === "running" ? startedAt : null} />
          {snapshot.serving ? <ServingTag /> : null}
        </span>
      </Td>
      <Td className={`${widths.reason} truncate text-muted`}>{reasonOf(snapshot)}</Td>
      <Td className={`${widths.queued} text-muted`}>
        <RelativeTime at={queuedAt} />
      </Td>
      <Td className={`${widths.took} font-mono text-xs text-muted`}>
        {startedAt && finishedAt ? <Duration from={startedAt} to={finishedAt} /> : "–"}
      </Td>
      <Td className={`${widths.size} font-mono text-xs text-muted`}>
        {image ? formatSize(image.sizeBytes) : "–"}
      </Td>
    </Tr>
  );
}

/** The same table before its rows are here. */
export function SnapshotsTableSkeleton() {
  return (
    <Loading what="snapshots">
      <Table label="Snapshots">
        <Head />
        <tbody>
          {["a", "b", "c", "d", "e", "f"].map((row) => (
            <Tr key={row} className="h-11">
              <Td>
                <Skeleton className="w-8" />
              </Td>
              <Td>
                <Skeleton className="w-40 max-w-full" />
              </Td>
              <Td>
                <Skeleton className="w-20" />
              </Td>
              <Td className={widths.reason}>
                <Skeleton className="w-36" />
              </Td>
              <Td className={widths.queued}>
                <Skeleton className="w-16" />
              </Td>
              <Td className={widths.took}>
                <Skeleton className="ml-auto w-12" />
              </Td>
              <Td className={widths.size}>
                <Skeleton className="ml-auto w-16" />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Loading>
  );
}
