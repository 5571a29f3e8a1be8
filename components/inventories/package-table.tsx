import { Table, Td, Th, Tr } from "@/components/ui/table";
import type { Package } from "@/lib/inventories/content";
import { LongList } from "./long-list";

/** Packages, one a row. */
export function PackageTable({ packages }: { packages: readonly Package[] }) {
  return (
    <LongList items={packages} noun="packages">
      {(shown) => (
        <Table label="Packages">
          <thead>
            <tr>
              <Th>Name</Th>
              <Th className="w-2/5">Version</Th>
              <Th className="w-20">Manager</Th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ manager, name, version }) => (
              <Tr key={`${manager} ${name}`}>
                <Td className="py-1.5 font-mono text-xs break-words">{name}</Td>
                <Td className="py-1.5 font-mono text-xs break-words text-muted">{version}</Td>
                <Td className="py-1.5 text-muted">{manager}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </LongList>
  );
}
