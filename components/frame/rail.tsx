"use client";

import { Bell, PanelLeftClose, PanelLeftOpen, Settings } from "lucide-react";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { cn } from "@/components/cn";
import { IconButton } from "@/components/ui/icon-button";
import { Link } from "@/components/ui/link";
import { UnreadCount, useInbox } from "./inbox-link";
import { Initial } from "./initial";
import { Logo } from "./logo";
import { isIn, type NavEntry, navEntries } from "./nav-entries";
import { PersonMenu } from "./person-menu";
import { setCookie } from "./theme";
import type { Theme } from "./theme-cookie";
import { useUser } from "./user-context";

/** Shown where the rail is wide: at 1024 px and more, unless the person made it narrow. */
const wideOnly = "hidden lg:group-data-[wide=true]/rail:block";

/** The places, at the left. Icons only on a tablet or when made narrow; a phone has the bar instead. */
export function Rail({ wide: initial, theme }: { wide: boolean; theme: Theme }) {
  const [wide, setWide] = useState(initial);
  const pathname = usePathname();
  const toggle = () => {
    setWide(!wide);
    setCookie("rail", wide ? "narrow" : "wide");
  };
  return (
    <aside
      data-wide={wide}
      className="no-print group/rail sticky top-0 hidden h-dvh w-14 shrink-0 flex-col border-r bg-sunken px-2 pb-2 data-[wide=true]:lg:w-55 md:flex"
    >
      <div className="flex h-13 items-center justify-between">
        <Link
          href="/profiles"
          className="flex h-9 items-center gap-2 rounded-md px-2.5 text-base font-semibold tracking-tight"
        >
          <Logo />
          <span className={wideOnly}>Kiln</span>
          <span className="sr-only lg:group-data-[wide=true]/rail:hidden">Kiln</span>
        </Link>
      </div>
      <nav aria-label="Places" className="flex flex-1 flex-col gap-0.5">
        {navEntries.map((entry) => (
          <Entry key={entry.href} entry={entry} current={isIn(pathname, entry.href)} />
        ))}
        <div className="flex-1" />
        <InboxEntry />
        <Entry
          entry={{ href: "/settings", label: "Settings", Icon: Settings }}
          current={isIn(pathname, "/settings")}
        />
      </nav>
      <div className="mt-2 flex flex-col gap-0.5 border-t pt-2 lg:group-data-[wide=true]/rail:flex-row lg:group-data-[wide=true]/rail:items-center">
        <PersonMenu theme={theme} trigger={<PersonButton />} />
        <IconButton
          label={wide ? "Make the rail narrow" : "Make the rail wide"}
          icon={wide ? <PanelLeftClose /> : <PanelLeftOpen />}
          onClick={toggle}
          className="hidden lg:inline-flex lg:w-full lg:group-data-[wide=true]/rail:w-8"
        />
      </div>
    </aside>
  );
}

function Entry({
  entry: { href, label, Icon },
  current,
}: {
  entry: Omit<NavEntry, "key">;
  current: boolean;
}) {
  return (
    <Link
      href={href}
      title={label}
      aria-label={label}
      aria-current={current ? "page" : undefined}
      className={cn(
        "flex h-8 items-center gap-2.5 rounded-md px-3 text-sm transition-colors",
        current ? "bg-selected font-medium text-ink" : "text-muted hover:bg-hover hover:text-ink",
      )}
    >
      <Icon className="size-4 shrink-0" aria-hidden="true" />
      <span className={wideOnly}>{label}</span>
    </Link>
  );
}

/** The bell. In a narrow rail the number sits on it. */
function InboxEntry() {
  const { unread, label, current } = useInbox();
  return (
    <Link
      href="/inbox"
      title={label}
      aria-label={label}
      aria-current={current ? "page" : undefined}
      className={cn(
        "relative flex h-8 items-center gap-2.5 rounded-md px-3 text-sm transition-colors",
        current ? "bg-selected font-medium text-ink" : "text-muted hover:bg-hover hover:text-ink",
      )}
    >
      <Bell className="size-4 shrink-0" aria-hidden="true" />
      <span className={wideOnly}>Inbox</span>
      <span className="absolute -top-0.5 left-5 flex lg:group-data-[wide=true]/rail:static lg:group-data-[wide=true]/rail:ml-auto">
        <UnreadCount unread={unread} />
      </span>
    </Link>
  );
}

/** The trigger of the person's menu: gets its behaviour from there. */
function PersonButton(props: React.ComponentProps<"button">) {
  const user = useUser();
  return (
    <button
      type="button"
      {...props}
      className="flex h-9 min-w-0 flex-1 items-center gap-2.5 rounded-md px-2 text-left text-sm text-muted transition-colors hover:bg-hover hover:text-ink data-popup-open:bg-hover"
    >
      <Initial name={user.name} />
      <span className="sr-only lg:group-data-[wide=true]/rail:not-sr-only lg:group-data-[wide=true]/rail:truncate">
        {user.name}
      </span>
      <span className="sr-only">: account, theme and sign out</span>
    </button>
  );
}
