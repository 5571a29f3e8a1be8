import { memo } from "react";
import { cn } from "@/components/cn";
import { CopyButton } from "@/components/copy-button/copy-button";
import { AnsiText } from "@/components/logs/ansi-text";
import { Duration } from "@/components/time/duration";
import { Spinner } from "@/components/ui/spinner";
import type { ExecAnswer } from "@/lib/commands/wire";
import { formatCount, formatDuration } from "@/lib/format";
import { cleanText } from "@/lib/logs/ansi";
import { outputLines } from "./output-lines";

export interface ConsoleEntryState {
  id: number;
  command: string;
  startedAt: string;
  /** What it has printed so far, where that is told. */
  live: Pick<ExecAnswer, "stdout" | "stderr" | "truncated"> | null;
  /** Null while it runs. */
  outcome: { answer: ExecAnswer; milliseconds: number } | { error: string; milliseconds: number } | null;
}

/** One command, what it printed and how it ended. */
export const ConsoleEntry = memo(function ConsoleEntry({
  entry: { command, startedAt, live, outcome },
}: {
  entry: ConsoleEntryState;
}) {
  const answer = outcome && "answer" in outcome ? outcome.answer : live;
  return (
    <li className="group/entry flex flex-col gap-1">
      <div className="flex min-h-6 items-start gap-2">
        <span className="text-accent-ink select-none" aria-hidden="true">
          $
        </span>
        <span className="min-w-0 flex-1 font-medium break-all whitespace-pre-wrap">{command}</span>
        {answer ? (
          <CopyButton
            value={cleanText(answer.stdout + answer.stderr)}
            label="Copy output"
            className="-my-0.5 opacity-0 group-focus-within/entry:opacity-100 group-hover/entry:opacity-100 pointer-coarse:opacity-100"
          />
        ) : null}
      </div>
      {answer ? (
        <>
          <Output text={answer.stdout} />
          <Output text={answer.stderr} error />
          {answer.truncated ? (
            <p className="text-muted">More than 1 MiB was printed; not all of it is shown.</p>
          ) : null}
        </>
      ) : null}
      <p className="flex items-center gap-2 font-sans text-xs text-muted">
        {outcome === null ? (
          <>
            <Spinner className="size-3" />
            Running <Duration from={startedAt} className="font-mono" />
          </>
        ) : "error" in outcome ? (
          <span className="text-failed">{outcome.error}</span>
        ) : (
          <>
            <span className={cn("font-mono", outcome.answer.exitCode === 0 ? "text-ready" : "text-failed")}>
              exit {outcome.answer.exitCode}
            </span>
            <span className="font-mono">{formatDuration(outcome.milliseconds)}</span>
          </>
        )}
      </p>
    </li>
  );
});

function Output({ text, error = false }: { text: string; error?: boolean }) {
  const { lines, hidden } = outputLines(text);
  if (lines.length === 0) return null;
  return (
    <div
      className={cn("border-l-2 pl-3", error ? "border-(--ansi-3)" : "border-transparent")}
      title={error ? "Standard error" : undefined}
    >
      {hidden > 0 ? (
        <p className="text-muted select-none">
          {formatCount(hidden, "earlier line")} not shown; copying has them all.
        </p>
      ) : null}
      {lines.map((line) => (
        <div key={line.number} className="min-h-5 break-all whitespace-pre-wrap [tab-size:8]">
          <AnsiText text={line.text} before={line.before} />
        </div>
      ))}
    </div>
  );
}
