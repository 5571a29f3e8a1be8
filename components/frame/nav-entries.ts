import { Boxes, CalendarClock, Layers, type LucideIcon, Server, SquareTerminal } from "lucide-react";

export interface NavEntry {
  href: string;
  label: string;
  Icon: LucideIcon;
  /** Pressed after `g`, goes there. */
  key: string;
}

/** The places of the rail and of the phone's bar, in order. */
export const navEntries: readonly NavEntry[] = [
  { href: "/profiles", label: "Profiles", Icon: Boxes, key: "p" },
  { href: "/snapshots", label: "Snapshots", Icon: Layers, key: "s" },
  { href: "/schedules", label: "Schedules", Icon: CalendarClock, key: "c" },
  { href: "/sessions", label: "Sessions", Icon: SquareTerminal, key: "e" },
  { href: "/hosts", label: "Hosts", Icon: Server, key: "h" },
];

/** Is the page at `pathname` in the place at `href`? */
export function isIn(pathname: string, href: string): boolean {
  return pathname === href || pathname.startsWith(`${href}/`);
}
