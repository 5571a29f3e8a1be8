"use client";

import { ArrowDownToLine, Clock, Download, Maximize2, Minimize2, OctagonAlert, WrapText } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/cn";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuChoice, MenuLabel, MenuSeparator } from "@/components/ui/menu";
import { Tooltip } from "@/components/ui/tooltip";
import { type TimeMode, timeModes } from "./line-time";
import { sizes, type TextSize, textSizes } from "./text-size";

const timeLabels: Record<TimeMode, string> = {
  off: "Off",
  elapsed: "Since the start",
  local: "Local time",
  utc: "UTC",
};

/** `none`: it had ended when the page was opened. `ended`: since then, and the button stays where it was. */
export type FollowState = "none" | "on" | "off" | "ended";

export interface LogToolbarProps {
  search: ReactNode;
  /** Something is searched for: on a phone that needs the room. */
  searching: boolean;
  follow: FollowState;
  wrap: boolean;
  time: TimeMode;
  size: TextSize;
  full: boolean;
  rawHref: string;
  /** Copies the selected lines; only while there are some. */
  copy: ReactNode;
  onFollow: () => void;
  onError: () => void;
  onWrap: () => void;
  onTime: (time: TimeMode) => void;
  onSize: (size: TextSize) => void;
  onFull: () => void;
}

/** One line of tools above the log. */
export function LogToolbar(props: LogToolbarProps) {
  const { search, follow, wrap, time, full, rawHref, copy } = props;
  return (
    <div
      role="toolbar"
      aria-label="Log"
      className="no-print flex h-11 shrink-0 items-center gap-1 border-b bg-surface px-2 sm:px-3"
    >
      {follow === "none" ? null : <FollowButton state={follow} onClick={props.onFollow} />}
      {search}
      <div className="ml-auto flex items-center gap-0.5">
        <div className={cn("flex items-center gap-0.5", props.searching && "max-sm:hidden")}>
          {copy}
          <IconButton label="Next error (e)" icon={<OctagonAlert />} onClick={props.onError} />
          <IconButton
            label="Wrap long lines (w)"
            icon={<WrapText />}
            aria-pressed={wrap}
            onClick={props.onWrap}
            className={cn(wrap && "bg-selected text-ink")}
          />
        </div>
        <Menu
          trigger={
            <IconButton
              label="Times and text size"
              icon={<Clock />}
              className={cn(time !== "off" && "bg-selected text-ink")}
            />
          }
        >
          <MenuLabel>Times</MenuLabel>
          <MenuChoice
            label="Times"
            value={time}
            onValueChange={props.onTime}
            options={timeModes.map((value) => ({ value, label: timeLabels[value] }))}
          />
          <MenuSeparator />
          <MenuLabel>Text</MenuLabel>
          <MenuChoice
            label="Text size"
            value={props.size}
            onValueChange={props.onSize}
            options={textSizes.map((value) => ({ value, label: sizes[value].label }))}
          />
        </Menu>
        <Tooltip label="Raw log">
          <a
            href={rawHref}
            download
            aria-label="Download the raw log"
            className="inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-ink [&_svg]:size-4"
          >
            <Download />
          </a>
        </Tooltip>
        <IconButton
          label={full ? "Leave full screen (Esc)" : "Full screen"}
          icon={full ? <Minimize2 /> : <Maximize2 />}
          aria-pressed={full}
          onClick={props.onFull}
        />
      </div>
    </div>
  );
}

function FollowButton({ state, onClick }: { state: Exclude<FollowState, "none">; onClick: () => void }) {
  const on = state === "on";
  const button = (
    <Button
      size="sm"
      variant="ghost"
      aria-pressed={on}
      icon={<ArrowDownToLine />}
      onClick={onClick}
      disabledReason={state === "ended" ? "The build has ended" : null}
      className={cn("mr-1 w-8 px-0 sm:w-26", on && "bg-accent-soft text-accent-ink")}
    >
      <span className="max-sm:sr-only">{on ? "Following" : "Follow"}</span>
    </Button>
  );
  return state === "ended" ? (
    button
  ) : (
    <Tooltip label={on ? "Stop following (f)" : "Follow the tail (f)"}>{button}</Tooltip>
  );
}
