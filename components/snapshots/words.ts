/** What is said about a snapshot in words: why it was made, how long things took. */
import type { SnapshotWire } from "@/lib/snapshots/wire";

const reasons: Record<SnapshotWire["trigger"], string> = {
  publish: "Published",
  manual: "Refreshed",
  schedule: "Scheduled",
  api: "Refreshed over the API",
  hook: "Refreshed by a hook",
  try: "Draft tried",
  base_changed: "Base image changed",
  repository_changed: "Repository changed",
  secret_rotated: "Secret rotated",
  age: "Too old",
  image_lost: "Image lost",
};

/** Who isn't a person isn't named twice: "Scheduled", but "Published by Dana". */
export function reasonOf({ trigger, requestedBy }: Pick<SnapshotWire, "trigger" | "requestedBy">): string {
  return requestedBy === "Kiln" ? reasons[trigger] : `${reasons[trigger]} by ${requestedBy}`;
}

/** What it is a snapshot of: "version 3", or the draft that was tried. */
export function ofWhat({ version }: Pick<SnapshotWire, "version">): string {
  return version === null ? "draft" : `version ${version}`;
}

/** A snapshot by the name that people use: "#15 node-tools". */
export function nameOf({ number, profile }: Pick<SnapshotWire, "number" | "profile">): string {
  return `#${number} ${profile.slug}`;
}
