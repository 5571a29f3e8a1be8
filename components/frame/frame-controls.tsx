"use client";

import dynamic from "next/dynamic";
import { type ReactNode, useMemo, useState } from "react";
import { FrameContext } from "./frame-context";
import { useShortcuts } from "./use-shortcuts";

const Palette = dynamic(() => import("./palette").then((module) => module.Palette), { ssr: false });
const ShortcutHelp = dynamic(() => import("./shortcut-help").then((module) => module.ShortcutHelp), {
  ssr: false,
});

/** Holds what floats above every page: the palette and the list of shortcuts. Loaded at their first use. */
export function FrameControls({ children }: { children: ReactNode }) {
  const [palette, setPalette] = useState<boolean | null>(null);
  const [help, setHelp] = useState<boolean | null>(null);
  const openers = useMemo(() => ({ openPalette: () => setPalette(true), openHelp: () => setHelp(true) }), []);
  useShortcuts(openers);
  return (
    <FrameContext value={openers}>
      {children}
      {palette === null ? null : <Palette open={palette} onOpenChange={setPalette} />}
      {help === null ? null : <ShortcutHelp open={help} onOpenChange={setHelp} />}
    </FrameContext>
  );
}
