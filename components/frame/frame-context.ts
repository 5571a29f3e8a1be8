"use client";

import { createContext, useContext } from "react";

export interface FrameOpeners {
  openPalette: () => void;
  openHelp: () => void;
}

export const FrameContext = createContext<FrameOpeners>({
  openPalette: () => undefined,
  openHelp: () => undefined,
});

/** Opens what floats above every page. */
export function useFrameControls(): FrameOpeners {
  return useContext(FrameContext);
}
