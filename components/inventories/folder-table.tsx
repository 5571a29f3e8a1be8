import { Table, Td, Th, Tr } from "@/components/ui/table";
import type { Folder } from "@/lib/inventories/content";

/** Top folders with their files and bytes, or how these differ. */
export function FolderTable({
  folders,
  label,
  files,
  bytes,
}: {
  folders: readonly Folder[];
  label: string;
  files: (count: number) => string;
  bytes: (count: number) => string;
}) {
  return (
    <Table label={label}>
      <thead>
        <tr>
          <Th>Folder</Th>
          <Th className="w-24 text-right">Files</Th>
          <Th className="w-28 text-right">Size</Th>
        </tr>
      </thead>
      <tbody>
        {folders.map((folder) => (
          <Tr key={folder.path}>
            <Td className="py-1.5 font-mono text-xs break-words">
              {folder.path === "others" ? <span className="font-sans">all others</span> : folder.path}
            </Td>
            <Td className="py-1.5 text-right font-mono text-xs text-muted">{files(folder.files)}</Td>
            <Td className="py-1.5 text-right font-mono text-xs">{bytes(folder.bytes)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
