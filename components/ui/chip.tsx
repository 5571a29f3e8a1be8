import type { ReactNode } from "react";
import { cn } from "@/components/cn";
import { Link } from "./link";

/** A filter that is on or off and lives in the address. The links of a group say which one holds. */
export function ChipLink({ href, active, children }: { href: string; active: boolean; children: ReactNode }) {
  return (
    <Link
      href={href}
      scroll={false}
      aria-current={active ? "true" : undefined}
      className={cn(
        "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-full border px-3 text-xs font-medium whitespace-nowrap transition-colors [&_svg]:size-3.5",
        active
          ? "border-ink bg-ink text-on-ink"
          : "border-border-strong text-muted hover:bg-hover hover:text-ink",
      )}
    >
      {children}
    </Link>
  );
}

/** Names a row of chips. */
export function ChipGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className="flex flex-wrap gap-1.5">
      {children}
    </nav>
  );
}
