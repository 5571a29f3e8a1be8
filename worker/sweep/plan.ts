/**
 * What of an engine's things nobody needs: pure, from what the engine has and what the rows say. Whoever asks reads
 * the engine first and the rows afterwards, so that something made in between is never taken for an orphan.
 */
import type { SessionStatus } from "@/lib/sessions/state";
import type { ImageNeed } from "@/lib/snapshots/image-needs.server";
import type { Claim } from "@/lib/snapshots/log-store.server";
import { isActive } from "@/lib/snapshots/state";
import { isUuid } from "@/lib/uuid";
import { isCaptureComment } from "@/worker/build-snapshot/plan";
import type { OwnedContainer, OwnedImage, OwnedVolume, Ownership } from "@/worker/containers/types";

export interface Found {
  containers: readonly OwnedContainer[];
  images: readonly OwnedImage[];
  volumes: readonly OwnedVolume[];
}

export interface Rows {
  /** Builds that a worker holds. */
  claims: readonly Claim[];
  /** Sessions that aren't over. */
  sessions: ReadonlyMap<string, { status: SessionStatus; containerId: string | null }>;
  /** What failed builds left for a while, by their snapshot. */
  kept: ReadonlyMap<string, { containerId: string; imageId: string; expired: boolean }>;
  /** Of every image's owner that has a row. */
  snapshots: ReadonlyMap<string, ImageNeed>;
  /** Snapshots that retention is about to remove, and how many newer ones are kept. */
  expired: ReadonlyMap<string, number>;
}

export interface Removal {
  kind: "container" | "image" | "volume";
  id: string;
  name: string;
  /** A clause for people: why nobody needs it. */
  reason: string;
}

/** In the order in which they can go: an image is free when its containers are gone. */
export function planSweep(found: Found, rows: Rows): Removal[] {
  const needed = neededLayers(found.images, rows);
  const why = (reason: string | null, removal: Omit<Removal, "reason">) =>
    reason ? [{ ...removal, reason }] : [];
  return [
    ...found.containers.flatMap(({ id, name, ownership }) =>
      why(uselessSandbox(ownership, rows, id), { kind: "container", id, name }),
    ),
    ...found.volumes.flatMap(({ name, ownership }) =>
      why(uselessSandbox(ownership, rows, null), { kind: "volume", id: name, name }),
    ),
    ...childrenFirst(found.images).flatMap((image) =>
      why(needed.has(image.id) ? null : uselessImage(image, rows), {
        kind: "image",
        id: image.id,
        name: image.name,
      }),
    ),
  ];
}

/** The layers under images that stay: a build of several steps leaves one for each. The engine wouldn't give them up. */
function neededLayers(images: readonly OwnedImage[], rows: Rows): ReadonlySet<string> {
  const staying = images.filter((image) => uselessImage(image, rows) === null);
  return new Set(staying.flatMap((image) => layersUnder(image, images)));
}

/** Ids of what it was made from, nearest first. */
function layersUnder(image: OwnedImage, images: readonly OwnedImage[]): string[] {
  const byId = new Map(images.map((one) => [one.id, one]));
  const under = new Set<string>();
  for (let parent = image.parent; parent && !under.has(parent); parent = byId.get(parent)?.parent ?? null)
    under.add(parent);
  return [...under];
}

/** The engine tells seconds, and several layers are made in one. */
function childrenFirst(images: readonly OwnedImage[]): OwnedImage[] {
  const depth = new Map(images.map((image) => [image.id, layersUnder(image, images).length]));
  return images.toSorted((one, other) => (depth.get(other.id) ?? 0) - (depth.get(one.id) ?? 0));
}

/** @param container null for what a container leaves behind */
function uselessSandbox(
  { kind, owner, attempt, worker }: Ownership,
  { claims, sessions, kept }: Rows,
  container: string | null,
): string | null {
  const held = claims.some(
    (claim) => claim.snapshotId === owner && claim.attempt === attempt && claim.workerId === worker,
  );
  if (kind === "build" || kind === "check") return held ? null : "no worker is building with it";
  if (kind === "kept") {
    // Made before the failure is written down: until then the claim explains it.
    if (held) return null;
    const row = kept.get(owner);
    if (!row || (container !== null && row.containerId !== container)) return "no failed snapshot names it";
    return row.expired ? "the time for which it was kept is over" : null;
  }
  if (kind !== "session") return null;
  const session = sessions.get(owner);
  if (!session) return "its session is over";
  // One that runs has its container's name in its row; another was left by a worker that was lost at its start.
  const another = container !== null && session.status === "running" && session.containerId !== container;
  return another ? "its session runs in another one" : null;
}

/** Our labels are also on what others built from a snapshot; our comment is only on what we captured. */
function uselessImage(
  { id, ownership, comment }: OwnedImage,
  { snapshots, expired, kept }: Rows,
): string | null {
  if (ownership.kind !== "snapshot" || !isUuid(ownership.owner) || !isCaptureComment(comment)) return null;
  const need = snapshots.get(ownership.owner);
  if (!need) return "no snapshot names it";
  if (isActive(need.status)) return null;
  const left = kept.get(ownership.owner);
  if (need.status === "failed" && left?.imageId === id)
    return left.expired ? `the time is over for which snapshot ${need.name} kept its container` : null;
  if (need.status !== "ready") return `snapshot ${need.name} is ${need.status}`;
  if (need.imageId === null) return `snapshot ${need.name} was a try, which keeps no image`;
  if (need.imageId !== id) return `snapshot ${need.name} has another image`;
  const keep = expired.get(ownership.owner);
  if (keep === undefined) return null;
  return keep === 0
    ? `snapshot ${need.name} doesn't serve, and the disk is nearly full`
    : `snapshot ${need.name} is older than the newest ${keep}`;
}
