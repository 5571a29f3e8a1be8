"use client";

import { CircleHelp, Plus, Search, X } from "lucide-react";
import { type KeyboardEvent, type Ref, useEffect, useRef } from "react";
import { cn } from "@/components/cn";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import { Popover } from "@/components/ui/popover";
import { Switch } from "@/components/ui/switch";

export interface ShellTab {
  key: string;
  label: string;
  /** The tab's own, and its panel's, in the document. */
  id: string;
  panelId: string;
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

/** Where a key leads from the tab at `at`; null when it leads nowhere. */
function stepOf(key: string, at: number, count: number): number | null {
  if (key === "ArrowRight") return (at + 1) % count;
  if (key === "ArrowLeft") return (at + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

/** The shells of the page, each a tab; search and help. By keyboard one moves between the tabs, and the focus stays with them. */
export function TerminalBar(props: TerminalBarProps) {
  const { tabs, active, full, screenReader, onChoose, onAdd, onClose, onSearch, onScreenReader, help } =
    props;
  const list = useRef<HTMLDivElement>(null);
  // One that was just made, or was chosen in its stead, may be beyond the edge of a narrow bar.
  useEffect(() => {
    if (active)
      list.current
        ?.querySelector('[aria-selected="true"]')
        ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active]);
  const focus = ({ id }: ShellTab) => list.current?.querySelector<HTMLElement>(`#${CSS.escape(id)}`)?.focus();
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ key }) => key === active);
    if (at < 0) return;
    if (event.key === "Delete" && active) {
      // The one that takes its place: the focus would be lost with the tab.
      const next = tabs[at + 1] ?? tabs[at - 1];
      if (next) focus(next);
      onClose(active);
    } else {
      const next = tabs[stepOf(event.key, at, tabs.length) ?? -1];
      if (!next) return;
      focus(next);
      onChoose(next.key);
    }
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
        {tabs.map(({ key, label, id, panelId }) => (
          <button
            key={key}
            id={id}
            type="button"
            role="tab"
            aria-selected={key === active}
            aria-controls={panelId}
            aria-description="Delete closes it"
            tabIndex={key === active ? 0 : -1}
            // Whoever points at a tab wants to type into its shell: that one takes the focus.
            onMouseDown={(event) => event.preventDefault()}
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
