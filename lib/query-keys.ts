/** The one root of all query keys, and which of them a change touches. */
import type { Change } from "./events/wire";

export const keys = {
  root: ["kiln"] as const,
  profiles: ["kiln", "profiles"] as const,
  snapshots: ["kiln", "snapshots"] as const,
  inventories: ["kiln", "inventories"] as const,
  sessions: ["kiln", "sessions"] as const,
  /** What persists of sessions, and the snapshots that they can move to. */
  persisted: ["kiln", "persisted"] as const,
  hosts: ["kiln", "hosts"] as const,
  users: ["kiln", "users"] as const,
  secrets: ["kiln", "secrets"] as const,
  channels: ["kiln", "channels"] as const,
  /** What is foreseen. It isn't worked out anew with each change of a snapshot. */
  calendar: ["kiln", "calendar"] as const,
  inbox: ["kiln", "inbox"] as const,
  /** Sandboxes that are started ahead: they come and go while nothing else of their profile changes. */
  pools: ["kiln", "pools"] as const,
};

/** The key prefixes to invalidate when a row of this kind has changed. */
export function keysTouchedBy(kind: Change["kind"]): ReadonlyArray<readonly string[]> {
  switch (kind) {
    case "profile":
      return [keys.profiles, keys.pools];
    // Which snapshot serves stands in the version's row.
    case "version":
    case "snapshot":
      return [keys.profiles, keys.snapshots, keys.persisted, keys.pools];
    case "inventory":
      return [keys.inventories];
    case "session":
      return [keys.sessions, keys.profiles, keys.persisted];
    case "command":
    case "terminal":
      return [];
    // The list of a profile's caches is one of its parts.
    case "cache":
      return [keys.profiles];
    case "delivery":
      return [keys.channels];
    case "inbox":
      return [keys.inbox];
    case "worker":
      return [keys.hosts];
    case "pool":
      return [keys.pools];
  }
}
