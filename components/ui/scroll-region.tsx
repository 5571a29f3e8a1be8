import type { ReactNode } from "react";
import { cn } from "@/components/cn";

/** What scrolls by itself: reachable by keyboard, and named, so that everybody can scroll it. */
export function ScrollRegion({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls what has the focus
      tabIndex={0}
      className={cn("overflow-auto -outline-offset-2", className)}
    >
      {children}
    </section>
  );
}
