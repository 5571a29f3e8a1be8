import { CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { AnsiText } from "@/components/logs/ansi-text";
import type { LogView } from "@/components/logs/log-store";
import { stepTitle } from "@/lib/snapshots/steps";
import type { SnapshotWire } from "@/lib/snapshots/wire";

const LAST_LINES = 5;

/** Why it failed: which step, with what, its last words and what to do next. */
export function FailureCard({ snapshot, log, actions }: { snapshot: SnapshotWire; log: LogView; actions?: ReactNode }) {
  const { failure } = snapshot;
  if (!failure) return null;
  const said = lastLines(log, failure.step);
  return (
    <section aria-labelledby="failure" className="flex shrink-0 flex-col gap-3 border-b bg-failed-soft px-4 py-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <CircleX className="mt-0.5 size-4 shrink-0 text-failed" aria-hidden="true" />
        <div className="flex min-w-48 flex-1 flex-col gap-1 text-sm">
          <h2 id="failure" className="font-semibold">
            {failure.message}
          </h2>
          <p className="text-muted">
            {failure.step ? `${stepTitle(failure.step)}, ` : null}
            {failure.exitCode === null ? null : `exit code ${failure.exitCode}, `}
            <code className="font-mono text-xs">{failure.code}</code>
          </p>
          <p>{failure.hint}</p>
        </div>
        {actions}
      </div>
      {said > 0 || log.count > 0 || snapshot.log.lines > 0 ? (
        // As tall as it will be, before its lines are here: the log below doesn't jump.
        <div
          role="group"
          aria-label="Last lines of the step"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="h-[6.75rem] overflow-auto rounded-md bg-sunken px-3 py-2 font-mono text-xs leading-[1.125rem] whitespace-pre"
        >
          {log.lines.slice(Math.max(0, said - LAST_LINES), said).map((line, index) => (
            <div key={line.line}>
              <AnsiText text={line.text} before={log.styles.get(Math.max(0, said - LAST_LINES) + index) ?? null} />
            </div>
          ))}
        </div>
      ) : null}
    </section>
  );
}

/** The index after the last line that the failed step itself printed. */
function lastLines({ sections, lines, count }: LogView, step: string | null): number {
  const section = sections.findLast((each) => each.step === step);
  let end = section?.end ?? count;
  while (end > (section?.start ?? 0) && lines[end - 1]?.stream === "system") end -= 1;
  return end;
}
