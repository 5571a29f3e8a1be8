import type { ReactNode } from "react";
import { cn } from "@/components/cn";

/** A key on the keyboard. */
export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={cn(
        "inline-flex h-[1.125rem] shrink-0 min-w-[1.125rem] items-center justify-center rounded-sm border border-border-strong bg-sunken px-1 font-sans text-2xs text-muted",
        className,
      )}
    >
      {children}
    </kbd>
  );
}
