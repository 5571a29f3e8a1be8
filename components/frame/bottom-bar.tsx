"use client";

import { usePathname } from "next/navigation";
import { cn } from "@/components/cn";
import { Link } from "@/components/ui/link";
import { Initial } from "./initial";
import { isIn, navEntries } from "./nav-entries";
import { PersonMenu } from "./person-menu";
import type { Theme } from "./theme-cookie";
import { useUser } from "./user-context";

const entryClass =
  "flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-2xs -outline-offset-2";

/** The places, at the bottom of a phone. */
export function BottomBar({ theme }: { theme: Theme }) {
  const pathname = usePathname();
  return (
    <nav
      aria-label="Places"
      className="no-print fixed inset-x-0 bottom-0 z-30 flex h-[calc(3.5rem+env(safe-area-inset-bottom))] border-t bg-sunken pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {navEntries.map(({ href, label, Icon }) => {
        const current = isIn(pathname, href);
        return (
          <Link
            key={href}
            href={href}
            aria-current={current ? "page" : undefined}
            className={cn(entryClass, current ? "font-medium text-ink" : "text-muted")}
          >
            <Icon className="size-5" aria-hidden="true" />
            {label}
          </Link>
        );
      })}
      <PersonMenu theme={theme} withSettings trigger={<You />} />
    </nav>
  );
}

function You(props: React.ComponentProps<"button">) {
  const user = useUser();
  return (
    <button type="button" {...props} className={cn(entryClass, "text-muted")}>
      <Initial name={user.name} />
      You
      <span className="sr-only">: account, theme and sign out</span>
    </button>
  );
}
