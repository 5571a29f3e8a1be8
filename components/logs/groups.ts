/** The groups of a log, from its marks. As in GitHub Actions they don't nest: a group ends where the next one begins. */
import type { Mark } from "@/lib/logs/marks";
import type { LogSection } from "./log-store";

export interface LogGroup {
  key: string;
  title: string;
  /** The line that opens it. */
  from: number;
  /** The last line that belongs to it. */
  to: number;
  /** The line that closes it, which isn't shown; null when its step's end or the next group does. */
  closing: number | null;
  startedAt: number;
  finishedAt: number | null;
}

export function groupsOf(marks: readonly Mark[], sections: readonly LogSection[]): LogGroup[] {
  const groups: LogGroup[] = [];
  let open: LogGroup | null = null;
  let place = 0;
  for (const { line, kind, text, at } of marks) {
    if (kind !== "group" && kind !== "endgroup") continue;
    while ((sections[place]?.to ?? line) < line) place += 1;
    const section = sections[place];
    if (open && section && section.from > open.from) open = null;
    if (open) {
      open.finishedAt = at;
      open.to = kind === "endgroup" ? line : line - 1;
      open.closing = kind === "endgroup" ? line : null;
      open = null;
    }
    if (kind !== "group") continue;
    open = {
      key: `group:${line}`,
      title: text || "Group",
      from: line,
      to: section?.to ?? line,
      closing: null,
      startedAt: at,
      finishedAt: null,
    };
    groups.push(open);
  }
  return groups;
}

/** The group that a line is in; found by halving, for there may be thousands. */
export function groupAt(groups: readonly LogGroup[], line: number): LogGroup | null {
  let low = 0;
  let high = groups.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((groups[middle]?.from ?? 0) <= line) low = middle + 1;
    else high = middle;
  }
  const group = groups[low - 1];
  return group && line <= group.to ? group : null;
}
