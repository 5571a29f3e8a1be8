"use client";

import { Search } from "lucide-react";
import { Kbd } from "@/components/ui/kbd";
import { useFrameControls } from "./frame-context";
import { useModifierKey } from "./modifier-key";

/** Opens the palette, and tells its shortcut. */
export function FindButton() {
  const { openPalette } = useFrameControls();
  const modifier = useModifierKey();
  return (
    <button
      type="button"
      onClick={openPalette}
      className="flex h-8 min-w-8 shrink-0 items-center justify-center gap-2 rounded-md px-2 text-sm text-muted transition-colors hover:bg-hover hover:text-ink"
    >
      <Search className="size-4" aria-hidden="true" />
      <span className="max-md:sr-only">
        Find<span className="sr-only"> a page, a profile or an action</span>
      </span>
      <span aria-hidden="true" className="max-md:hidden">
        <Kbd>{modifier} K</Kbd>
      </span>
    </button>
  );
}
