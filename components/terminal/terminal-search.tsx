"use client";

import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";

/** Whoever moves along the tabs by keyboard goes on there. */
const isAmongTabs = () => document.activeElement?.closest('[role="tab"]') != null;

/** Searches what the terminal shows and what can be scrolled back to. Enter goes up, Shift+Enter down, Esc closes. */
export function TerminalSearch({
  find,
  onClose,
}: {
  find: (text: string, back: boolean) => boolean;
  onClose: () => void;
}) {
  const [text, setText] = useState("");
  const [found, setFound] = useState(true);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!isAmongTabs()) field.current?.focus();
  }, []);
  const look = (wanted: string, back: boolean) => setFound(wanted === "" || find(wanted, back));
  return (
    <search className="absolute top-2 right-4 z-5 flex max-w-[calc(100%-2rem)] items-center gap-1 rounded-md border bg-raised p-1 shadow-float">
      <Input
        ref={field}
        aria-label="Search the terminal"
        placeholder="Search"
        aria-invalid={!found || undefined}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          look(event.target.value, true);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
          else if (event.key === "Enter") look(text, !event.shiftKey);
          else return;
          event.preventDefault();
        }}
        className="h-7 w-44 text-xs"
      />
      <span role="status" className="text-xs text-muted">
        {found ? "" : "not found"}
      </span>
      <IconButton label="Previous match" size="sm" icon={<ChevronUp />} onClick={() => look(text, true)} />
      <IconButton label="Next match" size="sm" icon={<ChevronDown />} onClick={() => look(text, false)} />
      <IconButton label="Close search" size="sm" icon={<X />} onClick={onClose} />
    </search>
  );
}
