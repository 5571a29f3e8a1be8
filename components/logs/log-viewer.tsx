"use client";

import { type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import { cn } from "@/components/cn";
import { isTrouble, nextTrouble, previousTrouble } from "@/lib/logs/marks";
import type { LogLine, StepWire } from "@/lib/snapshots/wire";
import { CopyLines } from "./copy-lines";
import { GoToLine } from "./go-to-line";
import { groupsOf } from "./groups";
import { timeModes } from "./line-time";
import { LogAnnouncer } from "./log-announcer";
import { LogLines } from "./log-lines";
import { MissingLines, NewLines } from "./log-notes";
import { LogSearchField } from "./log-search-field";
import type { LogView } from "./log-store";
import { LogToolbar } from "./log-toolbar";
import { LogViewMenu } from "./log-view-menu";
import { hasHeading, Rows } from "./rows";
import { StepStrip } from "./step-strip";
import { sizeBeside, sizes, textSizes } from "./text-size";
import { useAlone } from "./use-alone";
import { useFolds } from "./use-folds";
import { useHits } from "./use-hits";
import { useLogKeys } from "./use-log-keys";
import { useLogReader } from "./use-log-reader";
import { useLogSearch } from "./use-log-search";
import { usePreference } from "./use-preference";
import { WholeLine } from "./whole-line";

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
  const { count, sections, marks, cut } = view;
  const [wrap, setWrap] = usePreference("wrap", ["off", "on"]);
  const [time, setTime] = usePreference("time", timeModes);
  const [size, setSize] = usePreference("size", textSizes);
  const [full, setFull] = useState(false);
  const viewer = useRef<HTMLElement>(null);
  useAlone(viewer, full);
  const [asking, setAsking] = useState(false);
  const [query, setQuery] = useState("");
  const [regex, setRegex] = useState(false);
  const [whole, setWhole] = useState<LogLine | null>(null);
  // How it was when the page was opened. Tools don't come and go while somebody reads. Of a build that had
  // failed, what went well is folded, and the end is what to see.
  const [first] = useState({ live, failed });

  const groups = useMemo(() => groupsOf(marks, sections), [marks, sections]);
  const foldedByDefault = useMemo(() => {
    if (!first.failed) return [];
    const done = new Set(steps.filter(({ status }) => status === "done").map(({ name }) => name));
    const troubles = marks.filter(isTrouble);
    return [
      ...sections.filter((section) => done.has(section.step) && hasHeading(section)),
      ...groups.filter(
        ({ from, to, closing }) =>
          closing !== null && !troubles.some(({ line }) => line >= from && line <= to),
      ),
    ].map(({ key }) => key);
  }, [first, steps, sections, groups, marks]);
  const { folded, toggle, open, all } = useFolds(foldedByDefault);
  const { linePx, className: sizeClass } = sizes[size];
  const rows = useMemo(
    () => new Rows({ sections, groups, folded, cut, linePx }),
    [sections, groups, folded, cut, linePx],
  );
  const { range, target, following, waiting, follow, show, choose, point, onNumber } = useLogReader(
    view,
    rows,
    groups,
    open,
    first.live || first.failed,
  );
  const search = useLogSearch(`${rawHref}/text`, view, { query, regex });
  const hits = useHits(search, show);
  useImperativeHandle(ref, () => ({ jumpTo: (line) => point(line, "start") }), [point]);

  // The step that failed is open, whatever the reader did to it while it ran.
  const failedKey =
    failedStep === null ? null : (sections.findLast(({ step }) => step === failedStep)?.key ?? null);
  useEffect(() => {
    if (failedKey !== null) open(failedKey);
  }, [failedKey, open]);

  const showError = (direction: 1 | -1) => {
    const line =
      direction === 1
        ? nextTrouble(marks, range?.to ?? 0)
        : previousTrouble(marks, range?.from ?? Number.POSITIVE_INFINITY);
    if (line !== null) point(line);
  };
  const foldAll = (fold: boolean) =>
    all(
      [...sections.filter(hasHeading), ...groups].map(({ key }) => key),
      fold,
    );
  const turnWrap = () => setWrap(wrap === "on" ? "off" : "on");
  useLogKeys({
    follow: () => first.live && follow(!following),
    nextHit: () => hits.step(1),
    previousHit: () => hits.step(-1),
    top: () => show(1, "start"),
    end: () => (first.live ? follow(true) : show(count)),
    line: () => setAsking(true),
    nextError: () => showError(1),
    previousError: () => showError(-1),
    wrap: turnWrap,
    time: () => setTime(timeModes[(timeModes.indexOf(time) + 1) % timeModes.length] ?? "off"),
    larger: () => setSize(sizeBeside(size, 1)),
    smaller: () => setSize(sizeBeside(size, -1)),
    full: () => setFull(!full),
    leave: () => setFull(false),
  });

  const followState = !first.live ? "none" : !live ? "ended" : following ? "on" : "off";
  return (
    <section
      ref={viewer}
      aria-label={label}
      className={cn("flex min-h-0 flex-1 flex-col", full ? "fixed inset-0 z-40 bg-background" : "relative")}
    >
      <LogToolbar
        follow={followState}
        wrap={wrap === "on"}
        full={full}
        troubled={marks.some(isTrouble)}
        rawHref={rawHref}
        searching={query !== ""}
        copy={range ? <CopyLines view={view} range={range} /> : null}
        onFollow={() => follow(!following)}
        onError={showError}
        onWrap={turnWrap}
        menu={
          <LogViewMenu
            time={time}
            size={size}
            onTime={setTime}
            onSize={setSize}
            onLine={() => setAsking(true)}
            onFoldAll={foldAll}
          />
        }
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
      {count === 0 ? null : <StepStrip steps={steps} onJump={(line) => point(line, "start")} />}
      <LogLines
        view={view}
        rows={rows}
        groups={groups}
        steps={steps}
        start={Date.parse(startedAt ?? view.lineAt(1)?.at ?? "1970-01-01")}
        wrap={wrap === "on"}
        time={time}
        size={sizeClass}
        live={live}
        matcher={search.matcher}
        found={search.found}
        range={range}
        currentLine={hits.current}
        following={following}
        target={target}
        label={label}
        onFollowing={follow}
        onNumber={onNumber}
        onToggle={toggle}
        onWhole={setWhole}
      />
      {count === 0 ? (
        <p className="pointer-events-none absolute inset-x-0 top-14 px-4 font-mono text-xs text-muted">
          {empty}
        </p>
      ) : null}
      {first.live && waiting > 0 ? (
        <NewLines count={waiting} raised={view.tail.length > 0} onClick={() => follow(true)} />
      ) : null}
      {view.missing ? <MissingLines from={view.missing.from} to={view.missing.to} /> : null}
      {whole ? <WholeLine line={whole} rawHref={rawHref} onClose={() => setWhole(null)} /> : null}
      {asking ? <GoToLine lines={count} onGo={choose} onClose={() => setAsking(false)} /> : null}
      <LogAnnouncer steps={steps} />
    </section>
  );
}
