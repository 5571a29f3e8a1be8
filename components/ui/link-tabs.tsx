"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { cn } from "@/components/cn";
import { Link } from "./link";

export interface LinkTab {
  href: string;
  label: string;
  /** A count or a mark behind the label. */
  mark?: ReactNode;
}

/** Tabs that are pages: each has an address, opens in a new tab, and back goes back. */
export function LinkTabs({ label, tabs }: { label: string; tabs: readonly LinkTab[] }) {
  const pathname = usePathname();
  return (
    <nav aria-label={label} className="no-print -mb-px flex gap-1 overflow-x-auto [scrollbar-width:none]">
      {tabs.map((tab) => {
        const current = pathname === tab.href;
        return (
          <Link
            key={tab.href}
            href={tab.href}
            aria-current={current ? "page" : undefined}
            className={cn(
              "flex h-9 shrink-0 items-center gap-1.5 border-b-2 px-2.5 text-sm transition-colors -outline-offset-2",
              current ? "border-ink font-medium text-ink" : "border-transparent text-muted hover:text-ink",
            )}
          >
            {tab.label}
            {tab.mark}
          </Link>
        );
      })}
    </nav>
  );
}
