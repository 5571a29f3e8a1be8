import { cn } from "@/components/cn";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { formatCount } from "@/lib/format";
import { parseCommand } from "@/lib/logs/marks";
import { AnsiText } from "./ansi-text";
import { CommandText } from "./log-command";
import type { DiffRow, LogDiff } from "./log-diff";

const signs = { same: " ", new: "+", gone: "−" } as const;
const words = { same: "", new: "New: ", gone: "Gone: " } as const;

/** The differences of two logs. What is new stands out; a line number leads to its log. */
export function LogDiffView({
  diff,
  beforeId,
  afterId,
  onlyNew,
}: {
  diff: LogDiff;
  beforeId: string;
  afterId: string;
  onlyNew: boolean;
}) {
  const { rows, added, gone, rough, more } = diff;
  if (added + gone === 0)
    return <Notice kind="ready">Nothing is new: the two logs differ by times, ids and hashes only.</Notice>;
  const shown = onlyNew ? rows.filter(({ kind }) => kind === "new") : rows;
  return (
    <div className="flex flex-col gap-3">
      {rough ? (
        <Notice kind="info">
          The logs differ too much to go through line by line: these are the lines that are nowhere in the
          other one.
        </Notice>
      ) : null}
      <ScrollRegion
        label="Differences"
        className="rounded-lg border bg-sunken py-2 font-mono text-xs leading-5"
      >
        <ol className="w-max min-w-full">
          {shown.map((row) =>
            row.kind === "hidden" ? (
              <li key={`hidden ${row.after}`} className="px-4 py-1 text-muted select-none">
                … {formatCount(row.count, "line")} the same
              </li>
            ) : (
              <Row
                key={`${row.kind} ${row.line}`}
                row={row}
                href={`/snapshots/${row.kind === "gone" ? beforeId : afterId}#L${row.line}`}
              />
            ),
          )}
        </ol>
      </ScrollRegion>
      {more ? <Notice kind="info">There are more differences than are shown here.</Notice> : null}
    </div>
  );
}

function Row({ row: { kind, line, text }, href }: { row: DiffRow; href: string }) {
  const command = parseCommand(text);
  return (
    <li
      className={cn(
        "flex whitespace-pre",
        kind === "new" && "bg-failed-soft",
        kind === "gone" && "text-muted",
      )}
    >
      <Link
        href={href}
        aria-label={`Line ${line}`}
        className="min-h-6 w-20 shrink-0 pr-3 text-right text-muted select-none hover:text-ink"
      >
        {line}
      </Link>
      <span
        className={cn("w-5 shrink-0 select-none", kind === "new" && "font-semibold text-failed")}
        aria-hidden="true"
      >
        {signs[kind]}
      </span>
      <span className="sr-only">{words[kind]}</span>
      <span className={cn("pr-4", kind === "gone" && "line-through decoration-border-strong")}>
        {command ? <CommandText command={command} /> : <AnsiText text={text} />}
      </span>
    </li>
  );
}
