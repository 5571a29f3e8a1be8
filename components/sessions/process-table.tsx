import { Table, Td, Th } from "@/components/ui/table";
import type { Process } from "@/lib/activity/wire";
import { formatDuration, formatSize } from "@/lib/format";

/** What runs in a session, the largest first. */
export function ProcessTable({ processes }: { processes: readonly Process[] }) {
  return (
    <Table label="Processes">
      <thead>
        <tr>
          <Th className="w-20 text-right">PID</Th>
          <Th>Command</Th>
          <Th className="w-24 max-sm:hidden">State</Th>
          <Th className="w-24 text-right max-sm:hidden">CPU time</Th>
          <Th className="w-24 text-right">Memory</Th>
        </tr>
      </thead>
      <tbody>
        {processes.map(({ pid, command, state, cpuSeconds, memoryBytes }) => (
          <tr key={pid} className="border-b last:border-b-0">
            <Td className="py-2 text-right font-mono text-xs tabular-nums">{pid}</Td>
            <Td className="py-2">
              <span className="line-clamp-2 font-mono text-xs break-all" title={command}>
                {command}
              </span>
            </Td>
            <Td className="py-2 text-muted max-sm:hidden">{state}</Td>
            <Td className="py-2 text-right font-mono text-xs tabular-nums max-sm:hidden">
              {formatDuration(cpuSeconds * 1000)}
            </Td>
            <Td className="py-2 text-right font-mono text-xs whitespace-nowrap tabular-nums">
              {formatSize(memoryBytes)}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
