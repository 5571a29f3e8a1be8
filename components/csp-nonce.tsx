"use client";

import { CSPProvider } from "@base-ui/react/csp-provider";
import { createContext, type ReactNode, useContext } from "react";

const NonceContext = createContext("");

/** Hands the page's nonce to the few that add a `<style>` of their own: Base UI and the editor. */
export function NonceProvider({ nonce, children }: { nonce: string; children: ReactNode }) {
  return (
    <NonceContext value={nonce}>
      <CSPProvider nonce={nonce} disableStyleElements>
        {children}
      </CSPProvider>
    </NonceContext>
  );
}

export function useNonce(): string {
  return useContext(NonceContext);
}
