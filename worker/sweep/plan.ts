/**
 * What of an engine's things nobody needs: pure, from what the engine has and what the rows say. Whoever asks reads
 * the engine first and the rows afterwards, so that something made in between is never taken for an orphan.
 */
import type { CacheNeed } from "@/lib/caches/progress.server";
import type { WarmNeed } from "@/lib/pool/store.server";
import type { SessionStatus } from "@/lib/sessions/state";
import type { ImageNeed, RunningBuild } from "@/lib/snapshots/image-needs.server";
import { isActive } from "@/lib/snapshots/state";
import { isUuid } from "@/lib/uuid";
import { isCaptureComment, isImageReference } from "@/worker/build-snapshot/plan";
import { isWaiting } from "@/worker/build-snapshot/waiting-name";
import type { OwnedContainer, OwnedImage, OwnedVolume, Ownership } from "@/worker/containers/types";

export interface Found {
  containers: readonly OwnedContainer[];
  images: readonly OwnedImage[];
  volumes: readonly OwnedVolume[];
}

export interface Rows {
  /** Builds that run, whether or not a worker has them at the moment. */
  builds: readonly RunningBuild[];
  /** Workers that read an image for its inventory now. */
  takers: ReadonlySet<string>;
  /** Workers of this host that are alive. */
  workers: ReadonlySet<string>;
  /** Sessions that aren't over. */
  sessions: ReadonlyMap<string, { status: SessionStatus; containerId: string | null; moving?: boolean }>;
  /** Sandboxes that were started ahead, also those that a session has taken. */
  warm: ReadonlyMap<string, WarmNeed>;
  /** By a persistent session's volume: why it isn't needed, or null. */
  volumes: ReadonlyMap<string, string | null>;
  /** Sessions whose files are being archived or restored. */
  busy: ReadonlySet<string>;
  /** What failed builds left for a while, by their snapshot. */
  kept: ReadonlyMap<string, { containerId: string; imageId: string; expired: boolean }>;
  /** Of every image's owner that has a row. */
  snapshots: ReadonlyMap<string, ImageNeed>;
  /** Snapshots that retention is about to remove, and how many newer ones are kept. */
  expired: ReadonlyMap<string, number>;
  /** By image: the snapshots that start from it. Several may share one. */
  named: ReadonlyMap<string, readonly string[]>;
  /** By image: what steps left for later builds, and whether the time for that is up. */
  layers: ReadonlyMap<string, { stale: boolean }>;
  /** Of every cache's volume that has a row. */
  caches: ReadonlyMap<string, CacheNeed>;
}

export interface Removal {
  kind: "container" | "image" | "volume";
  id: string;
  name: string;
  /** A clause for people: why nobody needs it. */
  reason: string;
  /** Further names of an image: it goes with the last of them. */
  alsoNamed: readonly string[];
}

/** In the order in which they can go: an image is free when its containers are gone. */
export function planSweep(found: Found, rows: Rows): Removal[] {
  const needed = neededLayers(found.images, rows);
  const why = (
    reason: string | null,
    removal: Omit<Removal, "reason" | "alsoNamed">,
    alsoNamed: string[] = [],
  ) => (reason ? [{ ...removal, reason, alsoNamed }] : []);
  return [
    ...found.containers.flatMap(({ id, name, running, ownership }) =>
      why(uselessSandbox(ownership, rows, { id, name, running }), { kind: "container", id, name }),
    ),
    ...found.volumes.flatMap(({ name, ownership }) =>
      why(uselessVolume(name, ownership, rows), {
        kind: "volume",
        id: name,
        name,
      }),
    ),
    ...childrenFirst(found.images).flatMap((image) =>
      why(
        needed.has(image.id) ? null : uselessImage(image, rows),
        { kind: "image", id: image.id, name: image.name },
        [image.name, ...image.alsoNamed].every(isImageReference) ? image.alsoNamed : [],
      ),
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

/** @param made null for what a container leaves behind */
function uselessSandbox(
  { kind, owner, fence, worker }: Ownership,
  { builds, sessions, takers, workers, kept, busy, warm }: Rows,
  made: Pick<OwnedContainer, "id" | "name" | "running"> | null,
): string | null {
  const container = made?.id ?? null;
  if (kind === "build" || kind === "check") {
    // The claim's own, which no row may name yet; or what a step runs in, whoever started it.
    const needed = builds.some(
      (build) =>
        build.snapshotId === owner &&
        (container === null ||
          build.containers.includes(container) ||
          (build.fence === fence && build.workerId === worker)),
    );
    return needed ? null : "no build runs in it";
  }
  if (kind === "waiting") {
    if (builds.some((build) => container !== null && build.containers.includes(container))) return null;
    // One that has ended waits for nothing: its engine was restarted, or its connection was cut.
    return made?.running && isWaiting(made.name) && workers.has(owner)
      ? null
      : "no build runs in it, and none may any more";
  }
  if (kind === "inventory") return takers.has(owner) ? null : "no worker reads an image with it";
  if (kind === "kept") {
    // Made before the failure is written down: until then the claim explains it.
    if (
      builds.some((build) => build.snapshotId === owner && build.fence === fence && build.workerId === worker)
    )
      return null;
    const row = kept.get(owner);
    if (!row || (container !== null && row.containerId !== container)) return "no failed snapshot names it";
    return row.expired ? "the time for which it was kept is over" : null;
  }
  if (kind === "persistent") return busy.has(owner) ? null : "no session's files are moved with it";
  if (kind === "warm") {
    const row = warm.get(owner);
    if (!row || (container !== null && row.containerId !== null && row.containerId !== container))
      return "no pool names it";
    return row.useless;
  }
  if (kind !== "session") return null;
  const session = sessions.get(owner);
  if (!session) return "its session is over";
  // One that has run has its container's name in its row; another was left by a worker that was lost at its start.
  const hasRun = !session.moving && ["running", "stopped", "expired", "resuming"].includes(session.status);
  return container !== null && hasRun && session.containerId !== container
    ? "its session runs in another one"
    : null;
}

function uselessVolume(name: string, ownership: Ownership, rows: Rows): string | null {
  if (ownership.kind === "cache") return uselessCache(name, rows);
  if (ownership.kind !== "persistent") return uselessSandbox(ownership, rows, null);
  const why = rows.volumes.get(name);
  return why === undefined ? "no session has this volume" : why;
}

/** What was used a while ago may still be named by the next draft. */
function uselessCache(volume: string, { caches }: Rows): string | null {
  const need = caches.get(volume);
  if (!need) return "no profile has this cache";
  if (need.recent) return null;
  if (need.archived) return `${need.profile} is archived, and hasn't used it for a week`;
  return need.named ? null : `no version of ${need.profile} names ${need.path} any more`;
}

/** Our labels are also on what others built from a snapshot; our comment is only on what we captured. */
function uselessImage({ id, ownership, comment }: OwnedImage, rows: Rows): string | null {
  if (ownership.kind !== "snapshot" || !isUuid(ownership.owner) || !isCaptureComment(comment)) return null;
  const { snapshots, expired, kept, named, layers, builds } = rows;
  if (named.get(id)?.some((snapshot) => !expired.has(snapshot))) return null;
  if (builds.some((build) => build.layers.includes(id))) return null;
  const layer = layers.get(id);
  if (layer && !layer.stale) return null;
  const need = snapshots.get(ownership.owner);
  if (!need) return "no snapshot names it";
  if (isActive(need.status)) return null;
  const left = kept.get(ownership.owner);
  if (need.status === "failed" && left?.imageId === id)
    return left.expired ? `the time is over for which snapshot ${need.name} kept its container` : null;
  if (layer?.stale && need.imageId !== id)
    return "nothing is made from this step's result, and the time for which it was kept is over";
  if (need.status !== "ready") return `snapshot ${need.name} is ${need.status}`;
  if (need.imageId === null) return `snapshot ${need.name} was a try, which keeps no image`;
  if (need.imageId !== id) return `snapshot ${need.name} has another image`;
  const keep = expired.get(ownership.owner);
  if (keep === undefined) return null;
  return keep === 0
    ? `snapshot ${need.name} doesn't serve, and the disk is nearly full`
    : `snapshot ${need.name} is older than the newest ${keep}`;
}
