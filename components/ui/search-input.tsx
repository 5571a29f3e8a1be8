"use client";

import { Search, X } from "lucide-react";
import { useRef } from "react";
import { cn } from "@/components/cn";
import { IconButton } from "./icon-button";
import { Input } from "./input";
import { Kbd } from "./kbd";
import { Spinner } from "./spinner";

/** The page's search. `/` puts the cursor in it (see the frame's shortcuts), Esc empties it. */
export function SearchInput({
  label,
  value,
  onValueChange,
  pending = false,
  className,
}: {
  label: string;
  value: string;
  onValueChange: (value: string) => void;
  pending?: boolean;
  className?: string;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <search className={cn("relative block", className)}>
      <span className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-muted">
        {pending ? <Spinner className="size-3.5" /> : <Search className="size-3.5" aria-hidden="true" />}
      </span>
      <Input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={label}
        data-shortcut="search"
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value) onValueChange("");
        }}
        className="pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
      />
      <span className="absolute inset-y-0 right-1 flex items-center">
        {value ? (
          <IconButton
            label="Clear search"
            size="sm"
            icon={<X />}
            onClick={() => {
              onValueChange("");
              input.current?.focus();
            }}
          />
        ) : (
          <Kbd className="pointer-events-none mr-1 pointer-coarse:hidden">/</Kbd>
        )}
      </span>
    </search>
  );
}
