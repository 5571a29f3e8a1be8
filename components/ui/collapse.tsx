"use client";

import { Collapsible } from "@base-ui/react/collapsible";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/cn";

/** A heading that unfolds what belongs to it. */
export function Collapse({
  title,
  children,
  open,
  onOpenChange,
  defaultOpen = false,
  className,
}: {
  title: ReactNode;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  defaultOpen?: boolean;
  className?: string;
}) {
  const control = open === undefined ? { defaultOpen } : { open };
  return (
    <Collapsible.Root {...control} {...(onOpenChange ? { onOpenChange } : {})} className={className}>
      <Collapsible.Trigger className="group flex min-h-8 w-full items-center gap-1.5 rounded-md text-left text-sm font-medium">
        <ChevronRight
          className="size-4 shrink-0 text-muted transition-transform group-data-panel-open:rotate-90"
          aria-hidden="true"
        />
        {title}
      </Collapsible.Trigger>
      <Collapsible.Panel
        className={cn("pt-2 transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0")}
      >
        {children}
      </Collapsible.Panel>
    </Collapsible.Root>
  );
}
