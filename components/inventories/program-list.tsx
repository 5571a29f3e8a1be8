import { ScrollRegion } from "@/components/ui/scroll-region";
import { type ChangeKind, ChangeMark } from "./change-mark";

/** Paths of programs, in a box of its own that scrolls. */
export function ProgramList({
  label,
  programs,
}: {
  label: string;
  programs: ReadonlyArray<{ path: string; kind?: ChangeKind }>;
}) {
  return (
    <ScrollRegion label={label} className="max-h-96 rounded-lg border bg-surface px-4 py-2">
      <ul>
        {programs.map(({ path, kind }) => (
          <li key={`${kind ?? ""} ${path}`} className="flex gap-2 py-0.5 font-mono text-xs break-all">
            {kind ? <ChangeMark kind={kind} compact /> : null}
            {path}
          </li>
        ))}
      </ul>
    </ScrollRegion>
  );
}
