"use client";

import { WifiOff } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "@/components/cn";
import { useConnected } from "./live-events";

const QUIET_MS = 2_000;

/** Says quietly that the page doesn't move by itself just now. A short loss isn't worth a word. */
export function ConnectionNote({ className }: { className?: string }) {
  const connected = useConnected();
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (connected) {
      setLost(false);
      return;
    }
    const timer = setTimeout(() => setLost(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, [connected]);
  return (
    <span
      role="status"
      className={cn("inline-flex items-center gap-1.5 text-xs whitespace-nowrap text-muted", className)}
    >
      {lost ? (
        <>
          <WifiOff className="size-3.5" aria-hidden="true" />
          Reconnecting…
        </>
      ) : null}
    </span>
  );
}
