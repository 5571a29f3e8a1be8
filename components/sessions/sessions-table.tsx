import { StatusBadge } from "@/components/status/status-badge";
import { RelativeTime } from "@/components/time/relative-time";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { RowLink, Table, Td, Th, Tr } from "@/components/ui/table";
import { Tag } from "@/components/ui/tag";
import type { SessionWire } from "@/lib/sessions/wire";
import { LifeLeft } from "./life-left";

const widths = {
  name: "",
  profile: "w-56 max-md:hidden",
  snapshot: "w-24 max-lg:hidden",
  status: "w-28 sm:w-32",
  started: "w-56 max-lg:hidden",
  life: "w-32 text-right",
};

/** Sessions, one a row; a press anywhere in it opens the session. */
export function SessionsTable({ sessions }: { sessions: readonly SessionWire[] }) {
  return (
    <Table label="Sessions">
      <Head />
      <tbody>
        {sessions.map((session) => (
          <Row key={session.id} session={session} />
        ))}
      </tbody>
    </Table>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <Th className={widths.name}>Name</Th>
        <Th className={widths.profile}>Profile</Th>
        <Th className={widths.snapshot}>Snapshot</Th>
        <Th className={widths.status}>Status</Th>
        <Th className={widths.started}>Started</Th>
        <Th className={widths.life}>Life left</Th>
      </tr>
    </thead>
  );
}

function Row({ session }: { session: SessionWire }) {
  const { id, name, profile, version, snapshotNumber, status, createdBy, createdAt, failure, persistent } =
    session;
  return (
    <Tr>
      <Td>
        <span className="flex min-w-0 gap-x-2 gap-y-0.5 max-sm:flex-col max-sm:items-start sm:items-center">
          <span className="max-w-full truncate">
            <RowLink href={`/sessions/${id}`}>{name}</RowLink>
          </span>
          {persistent ? <Tag>persistent</Tag> : null}
        </span>
        {failure ? <span className="block truncate text-xs text-muted">{failure.message}</span> : null}
      </Td>
      <Td className={widths.profile}>
        <span className="flex min-w-0 gap-2">
          <span className="truncate">{profile.name}</span>
          <span className="shrink-0 text-muted">v{version}</span>
        </span>
      </Td>
      <Td className={`${widths.snapshot} font-mono text-xs text-muted`}>#{snapshotNumber}</Td>
      <Td>
        <StatusBadge of="session" status={status} />
      </Td>
      <Td className={`${widths.started} text-muted`}>
        <span className="flex min-w-0 gap-1.5">
          <span className="truncate">{createdBy}</span>
          <RelativeTime at={createdAt} />
        </span>
      </Td>
      <Td className={`${widths.life} text-muted`}>
        <LifeLeft session={session} />
      </Td>
    </Tr>
  );
}

/** The same table before its rows are here. */
export function SessionsTableSkeleton() {
  return (
    <Loading what="sessions">
      <Table label="Sessions">
        <Head />
        <tbody>
          {["a", "b", "c", "d"].map((row) => (
            <Tr key={row} className="h-11">
              <Td>
                <Skeleton className="w-36 max-w-full" />
              </Td>
              <Td className={widths.profile}>
                <Skeleton className="w-32" />
              </Td>
              <Td className={widths.snapshot}>
                <Skeleton className="w-8" />
              </Td>
              <Td>
                <Skeleton className="w-20" />
              </Td>
              <Td className={widths.started}>
                <Skeleton className="w-36" />
              </Td>
              <Td className={widths.life}>
                <Skeleton className="ml-auto w-20" />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Loading>
  );
}
