import { cn } from "@/components/cn";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { type DiffLine, fold, type Gap } from "./line-diff";
import type { SpecChange } from "./spec-diff";

/** What changes, field by field; texts line by line. */
export function SpecDiffView({ changes, same }: { changes: readonly SpecChange[]; same: string }) {
  if (changes.length === 0) return <p className="text-sm text-muted">{same}</p>;
  return (
    <dl className="flex flex-col gap-4">
      {changes.map((change) => (
        <div key={change.label} className="flex flex-col gap-1.5">
          <dt className="text-sm font-medium">{change.label}</dt>
          <dd className="min-w-0">
            {change.kind === "text" ? (
              <TextDiff label={change.label} lines={change.lines} />
            ) : (
              <ValueDiff {...change} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function ValueDiff({ before, after }: { before: string | null; after: string | null }) {
  return (
    <p className="flex flex-wrap items-center gap-2 font-mono text-xs">
      {before === null ? null : (
        <del className="rounded-sm bg-deleted-soft px-1.5 py-0.5 no-underline">
          <span className="sr-only">before: </span>
          {before || "(empty)"}
        </del>
      )}
      {before !== null && after !== null ? <span aria-hidden="true">→</span> : null}
      {after === null ? (
        <span className="text-muted">removed</span>
      ) : (
        <ins className="rounded-sm bg-added-soft px-1.5 py-0.5 no-underline">
          <span className="sr-only">now: </span>
          {after || "(empty)"}
        </ins>
      )}
    </p>
  );
}

const marks: Record<DiffLine["kind"], string> = { same: " ", added: "+", deleted: "−" };
const grounds: Record<DiffLine["kind"], string> = {
  same: "",
  added: "bg-added-soft",
  deleted: "bg-deleted-soft",
};

function TextDiff({ label, lines }: { label: string; lines: readonly DiffLine[] }) {
  return (
    <ScrollRegion
      label={`Changes of ${label}`}
      className="max-h-96 rounded-md border bg-sunken py-1.5 font-mono text-xs leading-5"
    >
      <div className="w-max min-w-full">
        {fold(lines).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name than their place
          <Line key={index} line={line} />
        ))}
      </div>
    </ScrollRegion>
  );
}

function Line({ line }: { line: DiffLine | Gap }) {
  if (line.kind === "gap") return <p className="px-3 py-0.5 text-muted">… {line.lines} lines the same</p>;
  return (
    <p className={cn("flex whitespace-pre", grounds[line.kind])}>
      <span className="w-7 shrink-0 text-center text-muted select-none" aria-hidden="true">
        {marks[line.kind]}
      </span>
      {line.kind === "same" ? null : <span className="sr-only">{line.kind}: </span>}
      <span className="pr-4">{line.text || " "}</span>
    </p>
  );
}
