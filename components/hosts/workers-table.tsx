import { StatusBadge } from "@/components/status/status-badge";
import { RelativeTime } from "@/components/time/relative-time";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import type { WorkerWire } from "@/lib/hosts/wire";

/** The workers of all hosts: each serves exactly one container engine. */
export function WorkersTable({ workers }: { workers: readonly WorkerWire[] }) {
  return (
    <Table label="Workers">
      <thead>
        <tr>
          <Th>Host</Th>
          <Th className="max-sm:hidden">Worker</Th>
          <Th className="w-40 max-md:hidden">Runtime</Th>
          <Th className="w-28 sm:w-32">Status</Th>
          <Th className="w-32 text-right">Last heard of</Th>
        </tr>
      </thead>
      <tbody>
        {workers.map((worker) => (
          <Tr key={`${worker.host} ${worker.name}`}>
            <Td className="truncate font-medium">
              {worker.host}
              {worker.runtime ? (
                <span className="block truncate font-mono text-xs font-normal text-muted md:hidden">
                  {worker.runtime}
                </span>
              ) : null}
            </Td>
            <Td className="truncate font-mono text-xs text-muted max-sm:hidden">{worker.name}</Td>
            <Td className="truncate text-muted max-md:hidden">
              {worker.runtime ? (
                <span className="font-mono text-xs" title={worker.runtime}>
                  {worker.runtime}
                </span>
              ) : (
                "Engine’s default"
              )}
            </Td>
            <Td>
              <StatusBadge of="worker" status={worker.status} />
            </Td>
            <Td className="text-right text-muted">
              <RelativeTime at={worker.seenAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
