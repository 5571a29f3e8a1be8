import type { ReactNode } from "react";
import { cn } from "@/components/cn";

/** Nothing here yet: one sentence that says what would be, and the next step. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
  className,
  level = 2,
}: {
  icon?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
  /** 1 where it is all that the page says. */
  level?: 1 | 2;
}) {
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div
      className={cn(
        "flex flex-col items-center gap-3 rounded-lg border border-dashed border-border-strong px-6 py-14 text-center",
        className,
      )}
    >
      {icon ? (
        <div className="text-faint [&_svg]:size-6" aria-hidden="true">
          {icon}
        </div>
      ) : null}
      <div className="flex flex-col gap-1">
        <Heading className="text-base font-medium">{title}</Heading>
        {children ? <div className="mx-auto max-w-md text-sm text-balance text-muted">{children}</div> : null}
      </div>
      {actions ? <div className="mt-1 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}
