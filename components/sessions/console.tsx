"use client";

import { type KeyboardEvent, useRef, useState } from "react";
import { Kbd } from "@/components/ui/kbd";
import { ConsoleEntry, type ConsoleEntryState } from "./console-entry";
import { recall } from "./history";
import { OutputLog } from "./output-log";
import { useStayAtEnd } from "./use-stay-at-end";

export interface ConsoleProps {
  entries: readonly ConsoleEntryState[];
  /** All that were run, also what was cleared away: for recalling. */
  commands: readonly string[];
  /** Why nothing can be run now. */
  closed: string | null;
  /** Where commands begin. */
  folder: string;
  onRun: (command: string) => void;
  onClear: () => void;
}

/** A line to type a shell command into, and what the earlier ones said. One at a time. */
export function Console({ entries, commands, closed, folder, onRun, onClear }: ConsoleProps) {
  const [text, setText] = useState("");
  const [back, setBack] = useState(0);
  const typed = useRef("");
  const { scroller, goOn } = useStayAtEnd(entries);
  const busy = entries.at(-1)?.outcome === null;

  const browse = (direction: 1 | -1) => {
    if (back === 0) typed.current = text;
    const found = recall(commands, back, direction, typed.current);
    setBack(found.back);
    setText(found.text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !busy && !closed && text.trim() !== "") {
      goOn();
      onRun(text);
      setText("");
      setBack(0);
    } else if (event.key === "ArrowUp") browse(1);
    else if (event.key === "ArrowDown") browse(-1);
    else if (event.key === "l" && event.ctrlKey) onClear();
    else return;
    event.preventDefault();
  };
  return (
    <section
      aria-label="Console"
      className="flex min-h-0 flex-1 flex-col bg-sunken font-mono text-xs leading-5"
    >
      <OutputLog label="Commands and their output" scroller={scroller}>
        {entries.length === 0 ? (
          <p className="font-sans text-sm text-muted">
            Each command runs by itself in a shell, from {folder}.{" "}
            <span className="pointer-coarse:hidden">
              <Kbd>↑</Kbd> recalls, <Kbd>Ctrl L</Kbd> clears.
            </span>
          </p>
        ) : (
          <ol className="flex flex-col gap-4">
            {entries.map((entry) => (
              <ConsoleEntry key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
      </OutputLog>
      <label className="flex min-h-11 shrink-0 items-center gap-2 border-t bg-surface px-4 focus-within:outline-2 focus-within:-outline-offset-2 focus-within:outline-focus">
        <span className="text-accent-ink select-none" aria-hidden="true">
          $
        </span>
        <span className="sr-only">Shell command</span>
        <input
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setBack(0);
          }}
          onKeyDown={onKeyDown}
          disabled={closed !== null}
          placeholder={closed ?? (busy ? "The last command still runs" : "node --version")}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="go"
          className="h-11 min-w-0 flex-1 bg-transparent text-xs outline-none placeholder:text-faint pointer-coarse:text-base"
        />
        {closed ? null : <Kbd className="pointer-coarse:hidden">Enter</Kbd>}
      </label>
    </section>
  );
}
