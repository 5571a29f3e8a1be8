"use client";

import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { Switch } from "@/components/ui/switch";
import { useModifierKey } from "./modifier-key";
import { navEntries } from "./nav-entries";
import { enableShortcuts, useShortcutsEnabled } from "./shortcut-setting";

/** Where a log is on the page. */
const logShortcuts: Array<[string, string[]]> = [
  ["Log: follow the tail", ["f"]],
  ["Log: next and previous hit", ["n", "N"]],
  ["Log: next and previous error", ["e", "E"]],
  ["Log: go to a line", ["l"]],
  ["Log: top and end", ["g", "G"]],
  ["Log: wrap lines, show times", ["w", "t"]],
  ["Log: larger and smaller text", ["+", "-"]],
  ["Log: full screen", ["F"]],
  ["Log: its links and headings, and on", ["Enter", "↓", "↑"]],
  ["Log: back from them", ["Esc"]],
];

/** What `?` opens. */
export function ShortcutHelp({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const enabled = useShortcutsEnabled();
  const modifier = useModifierKey();
  const rows: Array<[string, string[]]> = [
    ["Find a page, a profile or an action", [modifier, "K"]],
    ["Search on this page", ["/"]],
    ...navEntries.map(({ label, key }): [string, string[]] => [`Go to ${label.toLowerCase()}`, ["g", key]]),
    ["Show this list", ["?"]],
    ...logShortcuts,
  ];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <dl className="divide-y border-y">
        {rows.map(([what, keys]) => (
          <div key={what} className="flex items-center justify-between gap-4 py-2 text-sm">
            <dt>{what}</dt>
            <dd className="flex shrink-0 gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <div className="pt-4">
        <Switch
          checked={enabled}
          onCheckedChange={enableShortcuts}
          label="Shortcuts of one letter"
          hint={`Off, only ${modifier} K remains. Kept in this browser.`}
        />
      </div>
    </Dialog>
  );
}
