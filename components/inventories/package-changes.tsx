import { Table, Td, Th, Tr } from "@/components/ui/table";
import type { ComparisonWire } from "@/lib/inventories/wire";
import { ChangeMark } from "./change-mark";
import { LongList } from "./long-list";

/** What became of each package that isn't the same: changed, added, removed. */
export function PackageChanges({
  packages: { added, removed, changed },
}: {
  packages: ComparisonWire["packages"];
}) {
  const rows = [
    ...changed.map((each) => ({ ...each, kind: "changed" as const })),
    ...added.map(({ version, ...each }) => ({ ...each, from: null, to: version, kind: "added" as const })),
    ...removed.map(({ version, ...each }) => ({
      ...each,
      from: version,
      to: null,
      kind: "removed" as const,
    })),
  ];
  return (
    <LongList items={rows} noun="changes">
      {(shown) => (
        <Table label="Packages that differ">
          <thead>
            <tr>
              <Th className="w-10 sm:w-28">
                <span className="max-sm:sr-only">Change</span>
              </Th>
              <Th>Package</Th>
              <Th className="w-1/4">Before</Th>
              <Th className="w-1/4">After</Th>
              <Th className="w-20 max-sm:hidden">Manager</Th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ kind, manager, name, from, to }) => (
              <Tr key={`${kind} ${manager} ${name}`}>
                <Td className="py-1.5">
                  <span className="sm:hidden">
                    <ChangeMark kind={kind} compact />
                  </span>
                  <span className="max-sm:hidden">
                    <ChangeMark kind={kind} />
                  </span>
                </Td>
                <Td className="py-1.5 font-mono text-xs break-words">{name}</Td>
                <Td className="py-1.5 font-mono text-xs break-words text-muted">{from ?? "–"}</Td>
                <Td className="py-1.5 font-mono text-xs break-words">{to ?? "–"}</Td>
                <Td className="py-1.5 text-muted max-sm:hidden">{manager}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </LongList>
  );
}
