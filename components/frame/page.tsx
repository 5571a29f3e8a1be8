import type { ReactNode } from "react";
import { cn } from "@/components/cn";
import { type Crumb, TopBar } from "./top-bar";

/**
 * Every page of the dashboard: the top bar (where am I, find, the one primary action) and the content,
 * at most 1280 px wide, or to the edges with `width="full"`.
 */
export function Page({
  crumbs,
  action,
  width = "content",
  className,
  children,
}: {
  crumbs: readonly Crumb[];
  action?: ReactNode;
  width?: "content" | "full";
  className?: string;
  children: ReactNode;
}) {
  return (
    <>
      <TopBar crumbs={crumbs} action={action} />
      <main
        id="main"
        tabIndex={-1}
        className={cn(
          "flex min-w-0 flex-1 flex-col outline-none",
          width === "content" && "mx-auto w-full max-w-7xl gap-6 px-4 pt-6 pb-16 sm:px-6",
          className,
        )}
      >
        {children}
      </main>
    </>
  );
}

/** The page's heading, with what it is about. */
export function PageHeader({
  title,
  description,
  aside,
  children,
}: {
  title: ReactNode;
  description?: ReactNode;
  /** Beside the title: a status, an id. */
  aside?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className="flex flex-col gap-1">
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="min-w-0 text-xl font-semibold tracking-tight md:text-2xl">{title}</h1>
        {aside}
      </div>
      {description ? <p className="max-w-prose text-base text-muted">{description}</p> : null}
      {children}
    </header>
  );
}
