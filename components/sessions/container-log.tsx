"use client";

import { ScrollText } from "lucide-react";
import { memo } from "react";
import { AnsiText } from "@/components/logs/ansi-text";
import type { KeptLine } from "@/lib/sandboxes/log-lines";
import { OutputLog } from "./output-log";
import { useStayAtEnd } from "./use-stay-at-end";

/** The end of a container's log. It stays at its end until somebody scrolls away from there. */
export function ContainerLog({ lines, state }: { lines: readonly KeptLine[]; state: string }) {
  const { scroller } = useStayAtEnd(lines);
  const isEmpty = lines.every(({ text }) => text === "");
  return (
    <section
      aria-label="Container log"
      className="flex min-h-0 flex-1 flex-col bg-sunken font-mono text-xs leading-5"
    >
      <OutputLog label="What the container prints" scroller={scroller}>
        {isEmpty ? <Nothing /> : lines.map(({ number, text }) => <Line key={number} text={text} />)}
      </OutputLog>
      <p
        role="status"
        className="flex min-h-9 shrink-0 items-center border-t bg-surface px-4 font-sans text-xs text-muted"
      >
        {state}
      </p>
    </section>
  );
}

const Line = memo(function Line({ text }: { text: string }) {
  return (
    <div className="min-h-5 break-words whitespace-pre-wrap">
      <AnsiText text={text} />
    </div>
  );
});

function Nothing() {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 py-10 text-center font-sans text-sm">
      <ScrollText className="size-6 text-faint" aria-hidden="true" />
      <p className="font-medium">Nothing yet</p>
      <p className="text-muted">
        The container only keeps the session up, and prints nothing by itself. Programs that you start in the
        background can write here, and go on when the terminal is closed:
      </p>
      <code className="rounded-md border bg-surface px-2 py-1 font-mono text-xs break-all">
        my-server &gt;/proc/1/fd/1 2&gt;&amp;1 &amp;
      </code>
    </div>
  );
}
