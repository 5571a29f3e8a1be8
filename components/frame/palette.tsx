"use client";

import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { Bell, Boxes, Keyboard, LogOut, Plus, Settings, SunMoon } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useDeferredValue, useState } from "react";
import { backdropClass } from "@/components/ui/dialog";
import { profilesQuery } from "@/lib/profiles/queries";
import { useFrameControls } from "./frame-context";
import { navEntries } from "./nav-entries";
import { signOutHere } from "./sign-out";
import { applyTheme, shownTheme } from "./theme";
import { useMay } from "./user-context";

/** ⌘K: pages, profiles and actions by name. */
export function Palette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdropClass} />
        <BaseDialog.Popup
          aria-label="Find a page, a profile or an action"
          className="fixed inset-x-4 top-[12vh] z-50 mx-auto max-w-xl overflow-hidden rounded-lg border border-border bg-raised shadow-float outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
        >
          <PaletteBody close={() => onOpenChange(false)} />
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

function PaletteBody({ close }: { close: () => void }) {
  const [search, setSearch] = useState("");
  const router = useRouter();
  const run = (action: () => void) => () => {
    close();
    action();
  };
  const go = (href: string) => run(() => router.push(href));
  return (
    <Command label="Find" loop>
      <Command.Input
        value={search}
        onValueChange={setSearch}
        placeholder="Find a page, a profile or an action"
        className="h-12 w-full border-b bg-transparent px-4 text-base outline-none placeholder:text-faint pointer-coarse:text-lg"
      />
      <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-8 text-center text-sm text-muted">
          Nothing is called “{search}”.
        </Command.Empty>
        <Profiles search={search} go={go} />
        <Group heading="Go to">
          {navEntries.map(({ href, label, Icon }) => (
            <Item key={href} icon={<Icon />} onSelect={go(href)}>
              {label}
            </Item>
          ))}
          <Item icon={<Bell />} onSelect={go("/inbox")}>
            Inbox
          </Item>
          <Item icon={<Settings />} onSelect={go("/settings")}>
            Settings
          </Item>
        </Group>
        <Actions go={go} run={run} />
      </Command.List>
    </Command>
  );
}

function Profiles({ search, go }: { search: string; go: (href: string) => () => void }) {
  const query = useDeferredValue(search.trim());
  const { data } = useQuery({
    ...profilesQuery(query ? { query } : {}),
    placeholderData: (before) => before,
  });
  const profiles = data?.items.slice(0, 6) ?? [];
  if (profiles.length === 0) return null;
  return (
    <Group heading="Profiles">
      {profiles.map((profile) => (
        <Item
          key={profile.id}
          value={`${profile.name} ${profile.slug} ${profile.description}`}
          icon={<Boxes />}
          onSelect={go(`/profiles/${profile.slug}`)}
        >
          <span className="truncate">{profile.name}</span>
          <span className="ml-auto truncate pl-4 font-mono text-xs text-muted">{profile.slug}</span>
        </Item>
      ))}
    </Group>
  );
}

function Actions({ go, run }: { go: (href: string) => () => void; run: (action: () => void) => () => void }) {
  const mayCreate = useMay("operator");
  const { openHelp } = useFrameControls();
  return (
    <Group heading="Do">
      {mayCreate ? (
        <Item icon={<Plus />} onSelect={go("/profiles?new=true")}>
          New profile
        </Item>
      ) : null}
      <Item icon={<SunMoon />} onSelect={run(() => applyTheme(shownTheme() === "dark" ? "light" : "dark"))}>
        Toggle theme
      </Item>
      <Item icon={<Keyboard />} onSelect={run(openHelp)}>
        Show keyboard shortcuts
      </Item>
      <Item icon={<LogOut />} onSelect={run(signOutHere)}>
        Sign out
      </Item>
    </Group>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted"
    >
      {children}
    </Command.Group>
  );
}

function Item({
  icon,
  value,
  onSelect,
  children,
}: {
  icon: ReactNode;
  value?: string;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      {...(value ? { value } : {})}
      onSelect={onSelect}
      className="flex min-h-9 cursor-default items-center gap-3 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted"
    >
      {icon}
      {children}
    </Command.Item>
  );
}
