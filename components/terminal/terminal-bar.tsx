"use client";

import { CircleHelp, Plus, Search, X } from "lucide-react";
import { type KeyboardEvent, type Ref, useRef } from "react";
import { cn } from "@/components/cn";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import { Popover } from "@/components/ui/popover";
import { Switch } from "@/components/ui/switch";

export interface ShellTab {
  key: string;
  label: string;
}

export interface TerminalBarProps {
  tabs: readonly ShellTab[];
  active: string | null;
  /** Why no other one can be opened. */
  full: string | null;
  screenReader: boolean;
  onChoose: (key: string) => void;
  onAdd: () => void;
  onClose: (key: string) => void;
  onSearch: () => void;
  onScreenReader: (on: boolean) => void;
  help: Ref<HTMLButtonElement>;
}

const shortcuts = [
  ["Ctrl Shift F", "searches"],
  ["Ctrl Shift C", "copies what is selected"],
  ["Ctrl Shift V", "pastes"],
  ["Ctrl Shift L", "leaves the terminal: the focus moves up here. Tab is the shell’s"],
] as const;

/** The shells of the page, each a tab; search and help. */
export function TerminalBar(props: TerminalBarProps) {
  const { tabs, active, full, screenReader, onChoose, onAdd, onClose, onSearch, onScreenReader, help } =
    props;
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = tabs.findIndex(({ key }) => key === active);
    const next = tabs.at((at + step) % tabs.length);
    if (event.key === "Delete" && active) onClose(active);
    else if (step !== 0 && next) {
      onChoose(next.key);
      list.current?.querySelector<HTMLElement>(`[data-key="${next.key}"]`)?.focus();
    } else return;
    event.preventDefault();
  };
  return (
    <div className="flex h-9 shrink-0 items-center gap-1 border-b bg-surface px-2">
      <div
        ref={list}
        role="tablist"
        aria-label="Shells"
        tabIndex={-1}
        onKeyDown={onKeyDown}
        className="flex min-w-0 items-center gap-1 overflow-x-auto [scrollbar-width:none]"
      >
        {tabs.map(({ key, label }) => (
          <button
            key={key}
            data-key={key}
            type="button"
            role="tab"
            aria-selected={key === active}
            aria-description="Delete closes it"
            tabIndex={key === active ? 0 : -1}
            onClick={() => onChoose(key)}
            className={cn(
              "h-7 shrink-0 rounded-md px-2.5 text-xs -outline-offset-2",
              key === active
                ? "bg-selected font-medium text-ink"
                : "text-muted hover:bg-hover hover:text-ink",
            )}
          >
            {label}
          </button>
        ))}
      </div>
      {active ? (
        <IconButton label="Close this shell" size="sm" icon={<X />} onClick={() => onClose(active)} />
      ) : null}
      <IconButton
        label={full ?? "New shell"}
        size="sm"
        icon={<Plus />}
        disabled={full !== null}
        onClick={onAdd}
      />
      <span className="flex-1" />
      <IconButton label="Search the terminal" size="sm" icon={<Search />} onClick={onSearch} />
      <Popover
        title="In the terminal"
        align="end"
        trigger={
          <button
            ref={help}
            type="button"
            aria-label="Help for the terminal"
            className="inline-flex size-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink [&_svg]:size-3.5"
          >
            <CircleHelp />
          </button>
        }
      >
        <ul className="flex flex-col gap-1.5">
          {shortcuts.map(([keys, what]) => (
            <li key={keys}>
              <span className="inline-flex gap-0.5">
                {keys.split(" ").map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </span>{" "}
              {what}.
            </li>
          ))}
        </ul>
        <p className="text-muted">
          A shell goes on when you leave the page, and is here again when you come back. One that nobody looks
          at for a while is ended.
        </p>
        <Switch label="For screen readers" checked={screenReader} onCheckedChange={onScreenReader} />
      </Popover>
    </div>
  );
}
