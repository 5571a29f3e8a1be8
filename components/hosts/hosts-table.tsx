import { StatusBadge } from "@/components/status/status-badge";
import { ClockTime } from "@/components/time/clock-time";
import { RelativeTime } from "@/components/time/relative-time";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { formatCount } from "@/lib/format";
import { gigabytes } from "@/lib/hosts/disk";
import type { EngineHealth, HostWire } from "@/lib/hosts/wire";

/** The container engines and their disks. */
export function HostsTable({ hosts }: { hosts: readonly HostWire[] }) {
  return (
    <Table label="Engines">
      <thead>
        <tr>
          <Th>Host</Th>
          <Th className="w-32 max-sm:hidden">Engine</Th>
          <Th>Health</Th>
          <Th>Disk</Th>
          <Th className="w-32 text-right max-md:hidden">Step results</Th>
          <Th className="w-32 text-right max-sm:hidden">Measured</Th>
        </tr>
      </thead>
      <tbody>
        {hosts.map((host) => (
          <Tr key={host.id}>
            <Td className="font-medium">
              <span className="block truncate">{host.name}</span>
              <span className="block text-xs font-normal text-muted md:hidden">
                {formatCount(host.stepResults, "step result")} kept
              </span>
            </Td>
            <Td className="truncate font-mono text-xs text-muted max-sm:hidden">{host.engine}</Td>
            <Td>
              <Health health={host.health} />
            </Td>
            <Td>
              <Disk host={host} />
            </Td>
            <Td className="text-right text-muted max-md:hidden">
              <span title="What steps of builds left, for later builds that would do the same">
                {host.stepResults.toLocaleString("en")} kept
              </span>
            </Td>
            <Td className="text-right text-muted max-sm:hidden">
              {host.disk ? <RelativeTime at={host.disk.seenAt} /> : null}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function Health({ health: { status, since } }: { health: EngineHealth }) {
  return (
    <>
      <StatusBadge of="host" status={status} />
      {since ? (
        <span className="block text-muted">
          The container engine hasn’t answered since <ClockTime at={since} />.
        </span>
      ) : null}
    </>
  );
}

function Disk({ host: { disk, dataRoot } }: { host: HostWire }) {
  if (!disk)
    return <span className="text-muted">Unknown: {dataRoot || "it"} can’t be seen by a worker.</span>;
  return (
    <span title={dataRoot}>
      {gigabytes(disk.freeBytes)} free <span className="text-muted">of {gigabytes(disk.totalBytes)}</span>
      {disk.low ? <span className="block text-failed">Too little: builds wait.</span> : null}
    </span>
  );
}
