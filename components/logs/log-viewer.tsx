"use client";

import { ArrowDown, TriangleAlert } from "lucide-react";
import { type Ref, useCallback, useEffect, useImperativeHandle, useMemo, useState } from "react";
import { cn } from "@/components/cn";
import { CopyButton } from "@/components/copy-button/copy-button";
import { formatCount } from "@/lib/format";
import type { StepWire } from "@/lib/snapshots/wire";
import { cleanText } from "@/lib/logs/ansi";
import { nextError } from "./errors";
import type { LineRange } from "./line-range";
import { timeModes } from "./line-time";
import { LogAnnouncer } from "./log-announcer";
import { LogLines } from "./log-lines";
import { LogSearchField } from "./log-search-field";
import type { LogSection, LogView } from "./log-store";
import { LogToolbar } from "./log-toolbar";
import { Rows } from "./rows";
import { useFolds } from "./use-folds";
import { useHits } from "./use-hits";
import { useLogKeys } from "./use-log-keys";
import { useLogReader } from "./use-log-reader";
import { useLogSearch } from "./use-log-search";
import { usePreference } from "./use-preference";

export interface LogHandle {
  /** Shows a line, unfolding its step; the address points at it from then on. */
  jumpTo: (line: number) => void;
}

export interface LogViewerProps {
  view: LogView;
  steps: readonly StepWire[];
  /** Somebody still works on it. */
  live: boolean;
  failed: boolean;
  /** The step in which it failed, if it was in one. */
  failedStep: string | null;
  /** When the build began; times count from here. */
  startedAt: string | null;
  rawHref: string;
  label: string;
  /** Said while there is no line yet. */
  empty: string;
  ref?: Ref<LogHandle>;
}

/** A build's log with its tools. What is on the screen stays where it is, whatever comes. */
export function LogViewer({
  view,
  steps,
  live,
  failed,
  failedStep,
  startedAt,
  rawHref,
  label,
  empty,
  ref,
}: LogViewerProps) {
  const { lines, count, sections } = view;
  const [wrap, setWrap] = usePreference("wrap", ["off", "on"]);
  const [time, setTime] = usePreference("time", timeModes);
  const [full, setFull] = useState(false);
  const [query, setQuery] = useState("");
  const [regex, setRegex] = useState(false);
  // How it was when the page was opened. Tools don't come and go while somebody reads. Of a build that had
  // failed, what went well is folded, and the end is what to see.
  const [first] = useState({ live, failed });

  const done = useMemo(
    () => new Set(steps.filter(({ status }) => status === "done").map(({ name }) => name)),
    [steps],
  );
  const foldedByDefault = useCallback(
    (section: LogSection) => first.failed && done.has(section.step),
    [first, done],
  );
  const { folded, toggle, open } = useFolds(sections, foldedByDefault);
  const rows = useMemo(() => new Rows(sections, folded), [sections, folded]);
  const { range, target, following, waiting, follow, show, point, onNumber } = useLogReader(
    view,
    rows,
    open,
    first.live || first.failed,
  );
  const search = useLogSearch(view, { query, regex });
  const hits = useHits(search, show);
  useImperativeHandle(ref, () => ({ jumpTo: (line) => point(line, "start") }), [point]);

  // The step that failed is open, whatever the reader did to it while it ran.
  const failedKey =
    failedStep === null ? null : (sections.findLast(({ step }) => step === failedStep)?.key ?? null);
  useEffect(() => {
    if (failedKey !== null) open(failedKey);
  }, [failedKey, open]);

  const showError = () => {
    const line = nextError(lines, count, range?.to ?? 0);
    if (line !== null) point(line);
  };
  useLogKeys({
    follow: () => first.live && follow(!following),
    nextHit: () => hits.step(1),
    previousHit: () => hits.step(-1),
    top: () => show(1, "start"),
    end: () => (first.live ? follow(true) : show(count)),
    nextError: showError,
    leave: () => setFull(false),
  });

  const followState = !first.live ? "none" : !live ? "ended" : following ? "on" : "off";
  return (
    <section
      aria-label={label}
      className={cn("flex min-h-0 flex-1 flex-col", full ? "fixed inset-0 z-40 bg-background" : "relative")}
    >
      <LogToolbar
        follow={followState}
        wrap={wrap === "on"}
        time={time}
        full={full}
        rawHref={rawHref}
        copy={range ? <CopyLines view={view} range={range} /> : null}
        onFollow={() => follow(!following)}
        onError={showError}
        onWrap={() => setWrap(wrap === "on" ? "off" : "on")}
        onTime={setTime}
        onFull={() => setFull(!full)}
        search={
          <LogSearchField
            query={query}
            regex={regex}
            search={search}
            place={hits.place}
            onQuery={setQuery}
            onRegex={setRegex}
            onStep={hits.step}
          />
        }
      />
      <LogLines
        view={view}
        rows={rows}
        steps={steps}
        start={Date.parse(startedAt ?? lines[0]?.at ?? "1970-01-01")}
        wrap={wrap === "on"}
        time={time}
        matcher={search.matcher}
        range={range}
        currentLine={hits.current}
        following={following}
        target={target}
        label={label}
        onFollowing={follow}
        onNumber={onNumber}
        onToggle={toggle}
      />
      {count === 0 ? (
        <p className="pointer-events-none absolute inset-x-0 top-14 px-4 font-mono text-xs text-muted">
          {empty}
        </p>
      ) : null}
      {first.live && waiting > 0 ? <NewLines count={waiting} onClick={() => follow(true)} /> : null}
      {view.missing ? <Missing from={view.missing.from} to={view.missing.to} /> : null}
      <LogAnnouncer steps={steps} />
    </section>
  );
}

/** Copies the lines that the address points at. */
function CopyLines({ view: { lines, count }, range }: { view: LogView; range: LineRange }) {
  const to = Math.min(range.to, count);
  const text = useMemo(
    () =>
      lines
        .slice(range.from - 1, to)
        .map((line) => cleanText(line.text))
        .join("\n"),
    [lines, range.from, to],
  );
  if (to < range.from) return null;
  return (
    <CopyButton value={text} label={`Copy ${formatCount(to - range.from + 1, "line")}`} className="size-8" />
  );
}

function NewLines({ count, onClick }: { count: number; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="absolute bottom-4 left-1/2 z-3 flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full bg-ink px-3.5 text-xs font-medium whitespace-nowrap text-on-ink shadow-float"
    >
      {formatCount(count, "new line")}
      <ArrowDown className="size-3.5" aria-hidden="true" />
    </button>
  );
}

function Missing({ from, to }: { from: number; to: number }) {
  return (
    <p role="alert" className="flex items-center gap-2 border-t bg-failed-soft px-4 py-2 text-xs">
      <TriangleAlert className="size-3.5 shrink-0 text-failed" aria-hidden="true" />
      Lines {from.toLocaleString("en")} to {to.toLocaleString("en")} didn't arrive, so nothing after them is
      shown. Reload the page, or read the raw log.
    </p>
  );
}
