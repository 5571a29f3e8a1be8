"use client";

import { Keyboard, LogOut, Monitor, Moon, Settings, Sun } from "lucide-react";
import type { ReactElement } from "react";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLink, MenuSeparator } from "@/components/ui/menu";
import { useFrameControls } from "./frame-context";
import { signOutHere } from "./sign-out";
import { applyTheme, useTheme } from "./theme";
import type { Theme } from "./theme-cookie";
import { useUser } from "./user-context";

const themes = [
  { value: "light", label: "Light", icon: <Sun /> },
  { value: "dark", label: "Dark", icon: <Moon /> },
  { value: "system", label: "System", icon: <Monitor /> },
] as const;

/** Who is signed in, the theme, and the way out. */
export function PersonMenu({
  trigger,
  theme: initial,
  withSettings = false,
}: {
  trigger: ReactElement;
  theme: Theme;
  withSettings?: boolean;
}) {
  const user = useUser();
  const { openHelp } = useFrameControls();
  const theme = useTheme(initial);
  return (
    <Menu trigger={trigger} side="top" align="start">
      <div className="px-2 py-1.5">
        <p className="text-sm font-medium">{user.name}</p>
        <p className="text-xs text-muted">
          {user.email} · {user.role}
        </p>
      </div>
      <MenuSeparator />
      {withSettings ? (
        <MenuLink href="/settings" icon={<Settings />}>
          Settings
        </MenuLink>
      ) : null}
      <MenuItem icon={<Keyboard />} onClick={openHelp}>
        Keyboard shortcuts
      </MenuItem>
      <MenuSeparator />
      <MenuLabel>Theme</MenuLabel>
      <MenuChoice label="Theme" value={theme} onValueChange={applyTheme} options={themes} />
      <MenuSeparator />
      <MenuItem icon={<LogOut />} onClick={signOutHere}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
