"use client";

import dynamic from "next/dynamic";
import { type ReactNode, useId } from "react";
import { cn } from "@/components/cn";
import { useNonce } from "@/components/csp-nonce";
import { formatSize } from "@/lib/format";

/** The editor is 150 kB: loaded only where it is used. Until then the text itself stands there. */
const Editor = dynamic(() => import("./code-mirror").then((module) => module.CodeMirror), {
  ssr: false,
  loading: () => null,
});

/**
 * A shell script in a real editor that fills the height it is given. With another label it is another script: the
 * editor, and what can be undone in it, begins anew.
 */
export function ShellEditor({
  label,
  heading = label,
  note,
  value,
  onValueChange,
  error,
  className,
}: {
  label: string;
  /** What stands above it in place of its label. */
  heading?: ReactNode;
  /** When, and in what, it runs. */
  note: string;
  value: string;
  onValueChange: (value: string) => void;
  error?: string | undefined;
  className?: string;
}) {
  const hint = useId();
  const nonce = useNonce();
  const lines = value === "" ? 0 : value.replace(/\n$/, "").split("\n").length;
  return (
    <div
      className={cn(
        "flex min-h-0 flex-1 flex-col overflow-hidden rounded-lg border bg-surface focus-within:border-focus",
        error ? "border-failed" : "border-control",
        className,
      )}
    >
      <div className="flex h-9 shrink-0 items-center justify-between gap-3 border-b px-3 text-xs text-muted">
        <span className="flex h-full shrink-0 items-center font-medium text-ink">{heading}</span>
        <span id={hint} className="truncate max-sm:sr-only">
          Tab indents; Esc, then Tab leaves the editor
        </span>
      </div>
      <div className="relative min-h-0 flex-1">
        <Editor
          key={label}
          label={label}
          describedBy={hint}
          value={value}
          onValueChange={onValueChange}
          invalid={Boolean(error)}
          nonce={nonce}
        />
      </div>
      <div className="flex min-h-7 shrink-0 items-center justify-between gap-3 border-t px-3 py-1 text-xs text-muted">
        {error ? (
          <span role="alert" className="text-failed">
            {error}
          </span>
        ) : (
          <span>{note}</span>
        )}
        <span className="shrink-0 font-mono">
          {lines} {lines === 1 ? "line" : "lines"} · {formatSize(new TextEncoder().encode(value).length)}
        </span>
      </div>
    </div>
  );
}
