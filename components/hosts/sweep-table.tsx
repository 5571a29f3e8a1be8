import { Table, Td, Th, Tr } from "@/components/ui/table";
import { formatSize, shortId } from "@/lib/format";
import type { HostSweep, SweepItem } from "@/lib/sweeps/wire";

const outcomes: Record<SweepItem["outcome"], string> = {
  would_remove: "Would go",
  removed: "Removed",
  kept: "Stays",
};

/** What a sweep of one host found, and why nobody needs it. */
export function SweepTable({ sweep: { host, items } }: { sweep: HostSweep }) {
  return (
    <Table label={`Sweep of ${host}`}>
      <thead>
        <tr>
          <Th className="w-24">Outcome</Th>
          <Th>What</Th>
          <Th className="max-sm:hidden">Why</Th>
          <Th className="w-28 text-right">Exclusive</Th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ kind, id, name, reason, note, outcome, exclusiveBytes }) => (
          <Tr key={`${kind} ${id}`}>
            <Td>{outcomes[outcome]}</Td>
            <Td className="truncate">
              <span className="text-muted">{kind} </span>
              <span className="font-mono text-xs" title={id}>
                {name.startsWith("sha256:") ? shortId(name) : name}
              </span>
            </Td>
            <Td className="text-muted max-sm:hidden">
              {reason}
              {note ? <span className="block">{note}</span> : null}
            </Td>
            <Td className="text-right font-mono text-xs">
              {exclusiveBytes === null ? "–" : formatSize(exclusiveBytes)}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
