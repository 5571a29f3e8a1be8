import type { ReactNode } from "react";
import { cn } from "@/components/cn";

const looks = {
  outline: "border-border-strong text-muted",
  solid: "border-ink bg-ink text-on-ink",
  soft: "border-transparent bg-selected text-ink",
};

/** A small word about a thing: a property, never a status. */
export function Tag({
  look = "outline",
  children,
  className,
}: {
  look?: keyof typeof looks;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span
      className={cn(
        "inline-flex h-[1.125rem] shrink-0 items-center gap-1 rounded-sm border px-1.5 text-2xs font-medium whitespace-nowrap [&_svg]:size-3",
        looks[look],
        className,
      )}
    >
      {children}
    </span>
  );
}

/** How many, behind a tab's or a heading's name. */
export function Count({ children }: { children: ReactNode }) {
  return (
    <span className="rounded-sm bg-selected px-1.5 text-2xs leading-4 font-medium text-muted">
      {children}
    </span>
  );
}
