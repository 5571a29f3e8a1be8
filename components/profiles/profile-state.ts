import type { ProfileWire } from "@/lib/profiles/wire";
import { type VersionState, versionState } from "./version-state";

export interface ProfileState {
  /** The state of its newest version, or null before the first one. */
  newest: VersionState | null;
  /** What a session would start from: maybe a version before the newest. */
  start: { version: number } | null;
  /** Why none can start. */
  whyNot: string | null;
}

/** What a profile's list row and header say. A new version that isn't ready yet leaves the one before in use. */
export function profileState(
  profile: Pick<ProfileWire, "latestVersion" | "latestSnapshot" | "servingSnapshot" | "archivedAt">,
): ProfileState {
  const { latestVersion, latestSnapshot, servingSnapshot } = profile;
  const ownServing = servingSnapshot?.version === latestVersion ? servingSnapshot : null;
  const newest =
    latestVersion === null
      ? null
      : versionState({
          usable: ownServing?.status === "ready",
          pinned: false,
          servingSnapshot: ownServing,
          latestSnapshot,
        });
  const start =
    servingSnapshot?.status === "ready" && servingSnapshot.version !== null
      ? { version: servingSnapshot.version }
      : null;
  return { newest, start, whyNot: whyNot(profile, newest, start) };
}

function whyNot(
  profile: Pick<ProfileWire, "latestVersion" | "archivedAt">,
  newest: VersionState | null,
  start: ProfileState["start"],
): string | null {
  if (profile.archivedAt) return "The profile is archived. Bring it back to start sessions.";
  if (start) return null;
  if (!newest) return "Publish the draft first: sessions start from a version's snapshot.";
  if (newest.active) return `Version ${profile.latestVersion} is still being prepared.`;
  return `Version ${profile.latestVersion} has no ready snapshot: ${newest.words}.`;
}
