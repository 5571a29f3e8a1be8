"use client";

import {
  ArrowDownToLine,
  ChevronUp,
  Download,
  Maximize2,
  Minimize2,
  OctagonAlert,
  WrapText,
} from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/cn";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Tooltip } from "@/components/ui/tooltip";

/** `none`: it had ended when the page was opened. `ended`: since then, and the button stays where it was. */
export type FollowState = "none" | "on" | "off" | "ended";

export interface LogToolbarProps {
  search: ReactNode;
  /** Something is searched for: on a phone that needs the room. */
  searching: boolean;
  follow: FollowState;
  wrap: boolean;
  full: boolean;
  rawHref: string;
  /** Copies the selected lines; only while there are some. */
  copy: ReactNode;
  /** Choices that are seldom changed. */
  menu: ReactNode;
  onFollow: () => void;
  /** There is an error to go to. */
  troubled: boolean;
  onError: (direction: 1 | -1) => void;
  onWrap: () => void;
  onFull: () => void;
}

/** One line of tools above the log. */
export function LogToolbar(props: LogToolbarProps) {
  const { search, follow, wrap, full, rawHref, copy } = props;
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
          <IconButton
            label={props.troubled ? "Next error (e)" : "No line looks like an error"}
            icon={<OctagonAlert />}
            disabled={!props.troubled}
            onClick={() => props.onError(1)}
          />
          <IconButton
            label="Previous error (E)"
            icon={<ChevronUp />}
            size="sm"
            disabled={!props.troubled}
            onClick={() => props.onError(-1)}
            className="max-sm:hidden"
          />
          <IconButton
            label="Wrap long lines (w)"
            icon={<WrapText />}
            aria-pressed={wrap}
            onClick={props.onWrap}
            className={cn(wrap && "bg-selected text-ink")}
          />
        </div>
        {props.menu}
        <Tooltip label="Raw log">
          <a
            href={rawHref}
            download
            aria-label="Download the raw log"
            className={cn(
              "inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-ink [&_svg]:size-4",
              props.searching && "max-sm:hidden",
            )}
          >
            <Download />
          </a>
        </Tooltip>
        <IconButton
          label={full ? "Leave full screen (Esc)" : "Full screen (F)"}
          icon={full ? <Minimize2 /> : <Maximize2 />}
          aria-pressed={full}
          onClick={props.onFull}
          className={cn(props.searching && "max-sm:hidden")}
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
