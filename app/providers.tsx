"use client";

import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { NonceProvider } from "@/components/csp-nonce";
import { ExactTimeTooltip } from "@/components/time/exact-time";
import { NowProvider } from "@/components/time/now";
import { Toaster } from "@/components/ui/toaster";
import { makeQueryClient } from "./query-client";

/** What every page may use: queries, URL state, the clock, toasts and tooltips. */
export function Providers({ now, nonce, children }: { now: number; nonce: string; children: ReactNode }) {
  const [client] = useState(makeQueryClient);
  return (
    <NonceProvider nonce={nonce}>
      <QueryClientProvider client={client}>
        <NuqsAdapter>
          <NowProvider now={now}>
            <Tooltip.Provider delay={400}>
              <Toaster>{children}</Toaster>
              <ExactTimeTooltip />
            </Tooltip.Provider>
          </NowProvider>
        </NuqsAdapter>
      </QueryClientProvider>
    </NonceProvider>
  );
}
