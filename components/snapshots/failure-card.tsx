import { CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { AnsiText } from "@/components/logs/ansi-text";
import { CommandText } from "@/components/logs/log-command";
import type { LogView } from "@/components/logs/log-store";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { parseCommand } from "@/lib/logs/marks";
import { titleIn } from "@/lib/snapshots/steps";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { lastWords, type Word } from "./last-words";

/** Why it failed: which step, with what, its last words and what to do next. */
export function FailureCard({
  snapshot,
  log,
  onJump,
  actions,
  note,
}: {
  snapshot: SnapshotWire;
  log: LogView;
  onJump: (line: number) => void;
  actions?: ReactNode;
  /** A sentence more. */
  note?: string | null;
}) {
  const { failure } = snapshot;
  if (!failure) return null;
  return (
    <section
      aria-labelledby="failure"
      className="flex shrink-0 flex-col gap-3 border-b bg-failed-soft px-4 py-4"
    >
      <div className="flex items-start gap-x-4">
        <CircleX className="mt-0.5 size-4 shrink-0 text-failed" aria-hidden="true" />
        <div className="flex flex-1 flex-wrap items-start gap-x-4 gap-y-3">
          <div className="flex min-w-48 flex-1 basis-full flex-col gap-1 text-sm sm:basis-90">
            <h2 id="failure" className="font-semibold">
              {failure.message}
            </h2>
            <p className="text-muted">
              {failure.step ? `${titleIn(snapshot.steps, failure.step)}, ` : null}
              {failure.exitCode === null ? null : `exit code ${failure.exitCode}, `}
              <code className="font-mono text-xs">{failure.code}</code>
            </p>
            <p>{failure.hint}</p>
            {note ? <p className="text-muted">{note}</p> : null}
          </div>
          {actions}
        </div>
      </div>
      {log.count > 0 || (snapshot.log.lines > 0 && !snapshot.log.expiredAt) ? (
        <LastWords log={log} step={failure.step} onJump={onJump} />
      ) : null}
    </section>
  );
}

/** As tall as it will be, before its lines are here: the log below doesn't jump. */
function LastWords({
  log,
  step,
  onJump,
}: {
  log: LogView;
  step: string | null;
  onJump: (line: number) => void;
}) {
  return (
    <ScrollRegion
      label="Last lines of the step"
      className="h-34 rounded-md bg-sunken py-2 font-mono text-xs leading-5"
    >
      {lastWords(log, step).map((word) => (
        <LastWord key={word.line} word={word} log={log} onJump={onJump} />
      ))}
    </ScrollRegion>
  );
}

function LastWord({
  word: { line, text },
  log,
  onJump,
}: {
  word: Word;
  log: LogView;
  onJump: (line: number) => void;
}) {
  const command = parseCommand(text);
  return (
    <div className="flex h-6 items-center whitespace-pre">
      <a
        href={`#L${line}`}
        onClick={(event) => {
          event.preventDefault();
          onJump(line);
        }}
        className="flex h-6 shrink-0 items-center justify-end px-3 text-faint select-none min-w-14 hover:text-ink"
        aria-label={`Line ${line}`}
      >
        {line}
      </a>
      <span className="pr-4">
        {command ? (
          <CommandText command={command} />
        ) : (
          <AnsiText text={text} before={log.styleBefore(line)} />
        )}
      </span>
    </div>
  );
}
