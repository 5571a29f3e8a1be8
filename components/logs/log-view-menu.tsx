import { ChevronsDownUp, ChevronsUpDown, Hash, SlidersHorizontal } from "lucide-react";
import { cn } from "@/components/cn";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu";
import { type TimeMode, timeModes } from "./line-time";
import { sizeOrder, sizes, type TextSize } from "./text-size";

const timeLabels: Record<TimeMode, string> = {
  off: "Off",
  elapsed: "Since the start",
  local: "Local time",
  utc: "UTC",
};

export interface LogViewMenuProps {
  time: TimeMode;
  size: TextSize;
  onTime: (time: TimeMode) => void;
  onSize: (size: TextSize) => void;
  onLine: () => void;
  /** All steps and groups. */
  onFoldAll: (fold: boolean) => void;
}

/** How the log is looked at: what isn't changed every minute. */
export function LogViewMenu({ time, size, onTime, onSize, onLine, onFoldAll }: LogViewMenuProps) {
  return (
    <Menu
      trigger={
        <IconButton
          label="View"
          icon={<SlidersHorizontal />}
          className={cn(time !== "off" && "bg-selected text-ink")}
        />
      }
    >
      <MenuItem icon={<Hash />} onClick={onLine}>
        Go to line…
      </MenuItem>
      <MenuItem icon={<ChevronsDownUp />} onClick={() => onFoldAll(true)}>
        Fold all
      </MenuItem>
      <MenuItem icon={<ChevronsUpDown />} onClick={() => onFoldAll(false)}>
        Unfold all
      </MenuItem>
      <MenuSeparator />
      <MenuLabel>Times</MenuLabel>
      <MenuChoice
        label="Times"
        value={time}
        onValueChange={onTime}
        options={timeModes.map((value) => ({ value, label: timeLabels[value] }))}
      />
      <MenuSeparator />
      <MenuLabel>Text</MenuLabel>
      <MenuChoice
        label="Text size"
        value={size}
        onValueChange={onSize}
        options={sizeOrder.map((value) => ({ value, label: sizes[value].label }))}
      />
    </Menu>
  );
}
