import { ChevronRight, CircleX, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import { cn } from "@/components/cn";
import { Duration } from "@/components/time/duration";
import { formatCount } from "@/lib/format";
import type { Annotation, Command } from "@/lib/logs/marks";
import { AnsiText } from "./ansi-text";
import type { LogGroup } from "./groups";

const looks: Record<Annotation, { icon: LucideIcon; word: string; className: string }> = {
  error: { icon: CircleX, word: "Error", className: "text-failed" },
  warning: { icon: TriangleAlert, word: "Warning", className: "text-accent-ink" },
  notice: { icon: Info, word: "Notice", className: "text-ready" },
};

interface SoughtIn {
  /** What is searched for. */
  matcher?: RegExp | null;
  /** The search stands here. */
  current?: boolean;
}

interface Placed extends SoughtIn {
  /** As of `AnsiText`. */
  stops?: boolean;
}

/** A workflow command as what it means: an annotation with icon and word, a group by its title. */
export function CommandText({ command, ...hit }: { command: Command } & Placed) {
  if (command.kind === "endgroup") return <span className="text-muted">End of the group</span>;
  if (command.kind === "group")
    return (
      <span className="font-medium">
        <AnsiText text={command.text || "Group"} {...hit} />
      </span>
    );
  const { icon: Icon, word, className } = looks[command.kind];
  return (
    <span>
      <Icon className={cn("mr-1.5 inline size-3.5 align-[-0.15em]", className)} aria-hidden="true" />
      <span className={cn("font-semibold", className)}>{word}:</span>{" "}
      <AnsiText text={command.text} {...hit} />
      {command.place ? <span className="text-muted"> {command.place}</span> : null}
    </span>
  );
}

/** The line that opens a group: folds it, and says how long it took. */
export function GroupHead({
  group,
  folded,
  live,
  onToggle,
  ...hit
}: SoughtIn & {
  group: LogGroup;
  folded: boolean;
  /** Its build still runs, so it may. */
  live: boolean;
  onToggle: (key: string) => void;
}) {
  const { key, title, from, to, closing, startedAt, finishedAt } = group;
  const lines = Math.max(0, to - from - (closing === null ? 0 : 1));
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-expanded={!folded}
      onClick={() => onToggle(key)}
      className="flex scroll-my-10 min-h-6.5 min-w-0 items-center gap-1.5 text-left font-medium -outline-offset-2 select-none"
    >
      <ChevronRight
        className={cn("size-3.5 shrink-0 text-muted transition-transform", !folded && "rotate-90")}
        aria-hidden="true"
      />
      <span className="truncate">
        <AnsiText text={title} {...hit} linked={false} />
      </span>
      <span className="shrink-0 pl-2 font-normal text-muted">
        {folded ? `${formatCount(lines, "line")}  ` : null}
        {finishedAt === null && !live ? null : (
          <Duration
            from={new Date(startedAt).toISOString()}
            to={finishedAt === null ? null : new Date(finishedAt).toISOString()}
          />
        )}
      </span>
    </button>
  );
}
