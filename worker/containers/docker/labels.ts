/** How a thing on an engine says that it is ours, whose and since which claim. */
import { z } from "zod";
import type { Ownership } from "../types";

export const INSTALLATION_LABEL = "dev.kiln.installation";
/** Its name is older than its meaning, and engines have things that carry it. */
const FENCE_LABEL = "dev.kiln.attempt";

/**
 * All five, always: a container inherits its image's labels, so one that a container leaves out would be the
 * one of the snapshot it was started from. Empty means "none".
 */
export function toLabels(ownership: Ownership): Record<string, string> {
  return {
    [INSTALLATION_LABEL]: ownership.installation,
    "dev.kiln.kind": ownership.kind,
    "dev.kiln.owner": ownership.owner,
    [FENCE_LABEL]: ownership.fence?.toString() ?? "",
    "dev.kiln.worker": ownership.worker ?? "",
  };
}

const labels = z.object({
  [INSTALLATION_LABEL]: z.string().min(1),
  "dev.kiln.kind": z.enum([
    "build",
    "check",
    "session",
    "snapshot",
    "cache",
    "inventory",
    "kept",
    "persistent",
    "warm",
    "waiting",
  ]),
  "dev.kiln.owner": z.string().min(1),
  [FENCE_LABEL]: z.string().regex(/^\d*$/),
  "dev.kiln.worker": z.string(),
});

/** Null when the labels aren't ours or not complete: then it isn't ours to touch. */
export function parseOwnership(found: unknown): Ownership | null {
  const parsed = labels.safeParse(found);
  if (!parsed.success) return null;
  const fence = parsed.data[FENCE_LABEL];
  const worker = parsed.data["dev.kiln.worker"];
  return {
    installation: parsed.data[INSTALLATION_LABEL],
    kind: parsed.data["dev.kiln.kind"],
    owner: parsed.data["dev.kiln.owner"],
    ...(fence === "" ? {} : { fence: Number(fence) }),
    ...(worker === "" ? {} : { worker }),
  };
}

/**
 * The same for a container. One of kind "snapshot" is somebody's `docker run` of a snapshot's image, which
 * handed its labels down; only images are made with that kind.
 */
export function parseContainerOwnership(found: unknown): Ownership | null {
  const ownership = parseOwnership(found);
  return ownership?.kind === "snapshot" ? null : ownership;
}
