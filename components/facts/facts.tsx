import type { ReactNode } from "react";
import { cn } from "@/components/cn";

/** Names and values, one a line: the details of a thing beside what it does. */
export function Facts({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2 border-t px-4 py-4">
      <h2 className="text-xs font-medium text-muted">{title}</h2>
      <dl className="flex flex-col gap-1.5 text-sm">{children}</dl>
    </section>
  );
}

export function Fact({
  name,
  children,
  className,
}: {
  name: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    <div className="flex min-h-6 items-center justify-between gap-4">
      <dt className="shrink-0 text-muted">{name}</dt>
      <dd className={cn("flex min-w-0 items-center justify-end gap-1 text-right", className)}>{children}</dd>
    </div>
  );
}
