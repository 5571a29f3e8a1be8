"use client";

import { useQuery } from "@tanstack/react-query";
import { Bell } from "lucide-react";
import { usePathname } from "next/navigation";
import { Link } from "@/components/ui/link";
import { unreadQuery } from "@/lib/inbox/queries";
import { isIn } from "./nav-entries";

/** How many messages wait, moving by itself, and whether the inbox is this page. */
export function useInbox(): { unread: number; label: string; current: boolean } {
  const { data } = useQuery(unreadQuery());
  const unread = data?.unread ?? 0;
  const current = isIn(usePathname(), "/inbox");
  return { unread, label: unread > 0 ? `Inbox, ${unread} unread` : "Inbox", current };
}

/** The number on the bell. Its link says it in words. */
export function UnreadCount({ unread }: { unread: number }) {
  if (unread === 0) return null;
  return (
    <span
      aria-hidden="true"
      className="inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-ink px-1 text-2xs leading-none font-medium text-on-ink tabular-nums"
    >
      {unread > 99 ? "99+" : unread}
    </span>
  );
}

/** The bell of a phone's top bar; elsewhere it is in the rail. */
export function InboxBell() {
  const { unread, label, current } = useInbox();
  return (
    <Link
      href="/inbox"
      aria-label={label}
      aria-current={current ? "page" : undefined}
      className="relative flex size-8 shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-ink aria-[current=page]:text-ink md:hidden"
    >
      <Bell className="size-4" aria-hidden="true" />
      <span className="absolute -top-0.5 left-4 flex">
        <UnreadCount unread={unread} />
      </span>
    </Link>
  );
}
