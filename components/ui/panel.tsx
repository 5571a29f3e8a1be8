import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/cn";

/** A bordered area of the page. Never inside another one. */
export function Panel({ className, ...rest }: ComponentProps<"section">) {
  return <section {...rest} className={cn("overflow-clip rounded-lg border bg-surface", className)} />;
}

/** A part of a page with its heading, a sentence about it and an action on the right. */
export function Section({
  title,
  description,
  actions,
  children,
  className,
}: {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={cn("flex flex-col gap-3", className)}>
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="text-lg font-semibold tracking-tight">{title}</h2>
          {description ? <p className="max-w-prose text-sm text-muted">{description}</p> : null}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
