"use client";

const keys = [
  { label: "Esc", sends: "\x1b" },
  { label: "Tab", sends: "\t" },
  { label: "Ctrl C", sends: "\x03" },
  { label: "Ctrl D", sends: "\x04" },
  { label: "←", sends: "\x1b[D", name: "Left" },
  { label: "↓", sends: "\x1b[B", name: "Down" },
  { label: "↑", sends: "\x1b[A", name: "Up" },
  { label: "→", sends: "\x1b[C", name: "Right" },
];

/** The keys that the keyboard on a screen hasn't got. */
export function TerminalKeys({ onKey }: { onKey: (text: string) => void }) {
  return (
    <div
      role="toolbar"
      aria-label="Keys"
      className="hidden shrink-0 gap-1 overflow-x-auto border-t bg-surface px-2 py-1 pointer-coarse:flex"
    >
      {keys.map(({ label, sends, name }) => (
        <button
          key={label}
          type="button"
          aria-label={name ?? label}
          onClick={() => onKey(sends)}
          className="h-9 min-w-10 shrink-0 rounded-md border border-border-strong px-2 text-xs hover:bg-hover"
        >
          {label}
        </button>
      ))}
    </div>
  );
}
