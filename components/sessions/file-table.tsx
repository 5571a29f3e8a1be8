import { CornerLeftUp, File, FileSymlink, Folder, FolderSymlink, SquareDashed } from "lucide-react";
import type { ReactNode } from "react";
import { RelativeTime } from "@/components/time/relative-time";
import { Table, Td, Th } from "@/components/ui/table";
import { formatSize } from "@/lib/format";
import type { Entry } from "@/lib/sessions/wire";

interface Props {
  entries: readonly Entry[];
  /** Null in the topmost folder. */
  onUp: (() => void) | null;
  onOpen: (entry: Entry) => void;
  /** What else can be done with one. */
  controls: (entry: Entry) => ReactNode;
}

/** What is in a folder of a session. A press on a name opens it. */
export function FileTable({ entries, onUp, onOpen, controls }: Props) {
  return (
    <Table label="Files">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th className="w-24 text-right">Size</Th>
          <Th className="w-32 max-sm:hidden">Changed</Th>
          <Th className="w-28 max-md:hidden">Mode</Th>
          <Th className="w-24">
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {onUp ? (
          <tr className="border-b">
            <Td colSpan={5}>
              <Name icon={<CornerLeftUp />} onClick={onUp}>
                The folder above
              </Name>
            </Td>
          </tr>
        ) : null}
        {entries.map((entry) => (
          <tr key={entry.name} className="border-b last:border-b-0">
            <Td>
              {entry.kind === "other" ? (
                <span className="flex items-center gap-2 text-muted [&_svg]:size-4 [&_svg]:shrink-0">
                  <SquareDashed aria-hidden="true" />
                  <span className="min-w-0 truncate font-mono text-xs">{entry.name}</span>
                </span>
              ) : (
                <Name icon={icons[iconOf(entry)]} onClick={() => onOpen(entry)}>
                  <span className="font-mono text-xs">{entry.name}</span>
                  {entry.kind === "folder" ? <span className="sr-only"> (folder)</span> : null}
                  {entry.isLink ? <span className="ml-2 text-xs text-muted">link</span> : null}
                </Name>
              )}
            </Td>
            <Td className="text-right font-mono text-xs whitespace-nowrap">
              {entry.kind === "file" ? formatSize(entry.bytes) : <span className="text-muted">–</span>}
            </Td>
            <Td className="truncate whitespace-nowrap text-muted max-sm:hidden">
              <RelativeTime at={entry.modifiedAt} />
            </Td>
            <Td className="font-mono text-xs text-muted max-md:hidden">{entry.mode}</Td>
            <Td className="text-right whitespace-nowrap">{controls(entry)}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

const icons = {
  folder: <Folder />,
  linkedFolder: <FolderSymlink />,
  link: <FileSymlink />,
  file: <File />,
};

function iconOf({ kind, isLink }: Entry): keyof typeof icons {
  if (kind === "folder") return isLink ? "linkedFolder" : "folder";
  return isLink ? "link" : "file";
}

function Name({ icon, onClick, children }: { icon: ReactNode; onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex max-w-full items-center gap-2 text-left hover:underline [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted"
    >
      <span aria-hidden="true">{icon}</span>
      <span className="min-w-0 truncate">{children}</span>
    </button>
  );
}
