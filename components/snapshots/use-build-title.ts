"use client";

/** The tab tells how the build is going: its title counts, its icon's fire has the colour of the status. */
import { useLayoutEffect } from "react";
import { useNow } from "@/components/time/now";
import { formatDuration } from "@/lib/format";
import type { SnapshotStatus } from "@/lib/snapshots/state";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { nameOf } from "./words";

const marks: Record<SnapshotStatus, string> = {
  queued: "○ Queued",
  running: "● Running",
  ready: "✓ Ready",
  failed: "✕ Failed",
  cancelled: "⊘ Cancelled",
  removed: "◌ Removed",
};

export function titleOf(
  snapshot: Pick<SnapshotWire, "status" | "startedAt" | "number" | "profile">,
  now: number,
): string {
  const { status, startedAt } = snapshot;
  const time =
    status === "running" && startedAt ? ` ${formatDuration(now - Date.parse(startedAt), true)}` : "";
  return `${marks[status]}${time} · ${nameOf(snapshot)}`;
}

/** The kiln with a fire of this colour, as an address. */
function iconOf(color: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" fill="none"><path d="M3 17.25V9.75a7 7 0 0 1 14 0v7.5Z" stroke="${color}" stroke-width="2.2" stroke-linejoin="round"/><path d="M7 17.25V13.5a3 3 0 0 1 6 0v3.75Z" fill="${color}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** A token of the theme as the browser resolves it. */
function resolveColor(token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

export function useBuildTitle(snapshot: SnapshotWire): void {
  const { status } = snapshot;
  const title = titleOf(snapshot, useNow(status === "running"));

  // The page's own title and icon may arrive after these: they are streamed. Layout effects, so that those of
  // the page that follows, which come in the same commit as the leaving of this one, are left alone.
  useLayoutEffect(() => {
    return keepInHead(() => {
      if (document.title !== title) document.title = title;
    });
  }, [title]);
  useLayoutEffect(() => {
    const icon = document.createElement("link");
    icon.rel = "icon";
    icon.type = "image/svg+xml";
    icon.href = iconOf(resolveColor(`--${status}`));
    // Of several icons a browser takes the last.
    const stop = keepInHead(() => {
      if ([...document.head.querySelectorAll('link[rel="icon"]')].at(-1) !== icon) document.head.append(icon);
    });
    return () => {
      stop();
      icon.remove();
    };
  }, [status]);
}

/** Applies now and whenever the document's head changes; the answer ends it. */
function keepInHead(apply: () => void): () => void {
  apply();
  const observer = new MutationObserver(apply);
  observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  return () => observer.disconnect();
}
