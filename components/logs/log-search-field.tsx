"use client";

import { ChevronDown, ChevronUp, Regex, Search } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { cn } from "@/components/cn";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import type { LogSearch } from "./use-log-search";

export interface LogSearchFieldProps {
  query: string;
  regex: boolean;
  search: LogSearch;
  /** Place of the current hit among all, from 0; -1 before the first step. */
  place: number;
  onQuery: (query: string) => void;
  onRegex: (regex: boolean) => void;
  onStep: (direction: 1 | -1) => void;
}

/** Search over the whole log, with "3 of 12". Enter goes on, Shift+Enter back, Esc empties. */
export function LogSearchField({
  query,
  regex,
  search,
  place,
  onQuery,
  onRegex,
  onStep,
}: LogSearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      onStep(event.shiftKey ? -1 : 1);
    }
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (query) onQuery("");
    else input.current?.blur();
  };
  return (
    <search className="flex min-w-24 flex-1 items-center gap-0.5 sm:max-w-96">
      <div className="relative min-w-0 flex-1">
        <Search
          className="pointer-events-none absolute inset-y-0 left-2 my-auto size-3.5 text-muted"
          aria-hidden="true"
        />
        <Input
          ref={input}
          type="search"
          aria-label="Search the log"
          placeholder="Search"
          aria-invalid={search.broken || undefined}
          data-shortcut="search"
          spellCheck={false}
          autoComplete="off"
          value={query}
          onFocus={search.prepare}
          onChange={(event) => onQuery(event.target.value)}
          onKeyDown={onKeyDown}
          className="h-7 pr-18 pl-7 text-xs [&::-webkit-search-cancel-button]:hidden"
        />
        <span
          role="status"
          className={cn(
            "pointer-events-none absolute inset-y-0 right-2 flex items-center text-2xs",
            search.broken || search.failed ? "text-failed" : "text-muted",
          )}
        >
          {query ? verdict(search, place) : ""}
        </span>
      </div>
      <IconButton
        label="Use a regular expression"
        icon={<Regex />}
        size="sm"
        aria-pressed={regex}
        onClick={() => onRegex(!regex)}
        className={cn(!query && "max-sm:hidden", regex && "bg-selected text-ink")}
      />
      <IconButton
        label="Previous hit (N)"
        icon={<ChevronUp />}
        size="sm"
        disabled={search.found.length === 0}
        onClick={() => onStep(-1)}
        className={cn(!query && "max-sm:hidden")}
      />
      <IconButton
        label="Next hit (n)"
        icon={<ChevronDown />}
        size="sm"
        disabled={search.found.length === 0}
        onClick={() => onStep(1)}
        className={cn(!query && "max-sm:hidden")}
      />
    </search>
  );
}

function verdict(search: LogSearch, place: number): string {
  if (search.broken) return "not a pattern";
  if (search.failed === "slow") return "takes too long";
  if (search.failed === "unreachable") return "not reachable";
  const { length } = search.found;
  if (length === 0) return search.searching ? "…" : "no hit";
  const all = `${length.toLocaleString("en")}${search.searching ? "+" : ""}`;
  return place === -1 ? all : `${(place + 1).toLocaleString("en")} of ${all}`;
}
