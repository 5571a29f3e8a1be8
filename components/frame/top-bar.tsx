import { ChevronLeft } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { ConnectionNote } from "@/components/live/connection-note";
import { Link } from "@/components/ui/link";
import { FindButton } from "./find-button";
import { InboxBell } from "./inbox-link";

export interface Crumb {
  label: ReactNode;
  /** Not for the last one: that is this page. */
  href?: string;
}

/** Where am I, find, and the page's one primary action. */
export function TopBar({ crumbs, action }: { crumbs: readonly Crumb[]; action?: ReactNode }) {
  return (
    <header className="no-print sticky top-0 z-20 flex h-13 shrink-0 items-center gap-1 border-b bg-background px-4 sm:gap-3 sm:px-6">
      <BackLink crumbs={crumbs} />
      <nav aria-label="Breadcrumbs" className="min-w-0 flex-1">
        <ol className="flex min-w-0 items-center gap-1.5 text-sm">
          {crumbs.map((crumb, index) => {
            const last = index === crumbs.length - 1;
            return (
              // Crumbs never change their order, and two may have the same words.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <Fragment key={index}>
                {index > 0 ? (
                  <li aria-hidden="true" className="text-faint max-sm:hidden">
                    /
                  </li>
                ) : null}
                <li
                  className={
                    last ? "min-w-0 truncate font-medium" : "min-w-0 shrink-0 truncate max-sm:hidden"
                  }
                >
                  {crumb.href && !last ? (
                    <Link href={crumb.href} className="rounded-sm text-muted hover:text-ink">
                      {crumb.label}
                    </Link>
                  ) : (
                    <span aria-current={last ? "page" : undefined}>{crumb.label}</span>
                  )}
                </li>
              </Fragment>
            );
          })}
        </ol>
      </nav>
      <ConnectionNote />
      <FindButton />
      <InboxBell />
      {action}
    </header>
  );
}

/** A phone has room for this page's name only, and for the way up. */
function BackLink({ crumbs }: { crumbs: readonly Crumb[] }) {
  const parent = crumbs.at(-2);
  if (!parent?.href) return null;
  return (
    <Link
      href={parent.href}
      aria-label={typeof parent.label === "string" ? `Back to ${parent.label}` : "Back"}
      className="-ml-2 flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover sm:hidden"
    >
      <ChevronLeft className="size-5" aria-hidden="true" />
    </Link>
  );
}
