/** What a snapshot's end is called. Pure. */
import type { SnapshotWire } from "@/lib/snapshots/wire";
import type { ChannelEvent } from "./wire";

/**
 * The names of an end, the one that says most first: a channel hears of it once, by the first that it has chosen.
 * @param before how the version's snapshot before it ended, when there was one
 */
export function namesOf(status: "ready" | "failed", before: string | null): ChannelEvent[] {
  if (status === "failed")
    return before === "failed" ? ["snapshot.failed"] : ["snapshot.first_failure", "snapshot.failed"];
  return before === "failed" ? ["snapshot.recovered", "snapshot.ready"] : ["snapshot.ready"];
}

/** An end in a sentence. */
export function endingWords(
  { number, profile, version, failure }: Pick<SnapshotWire, "number" | "profile" | "version" | "failure">,
  name: ChannelEvent,
): string {
  const which = `Snapshot #${number} of ${profile.name} version ${version}`;
  if (!failure) return `${which} is ready${name === "snapshot.recovered" ? " again" : ""}.`;
  return `${which} failed: ${failure.message}`;
}
