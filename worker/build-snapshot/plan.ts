/** From a spec to what the engine is asked for, and how it is told in the log. */
import type { Spec } from "@/lib/profiles/spec";
import type { ClaimedSnapshot } from "@/lib/snapshots/claim.server";
import type { ContainerPlan, Ownership } from "@/worker/containers/types";

export function containerPlan(
  { claim, spec }: ClaimedSnapshot,
  {
    image,
    kind,
    command,
    ownership,
    user = spec.user,
    index = 0,
  }: {
    image: string;
    kind: "build" | "check";
    command: string[];
    ownership: Ownership;
    user?: string;
    /** Which one of its kind in this build. */
    index?: number;
  },
): Omit<ContainerPlan, "volatilePaths"> {
  return {
    name: `kiln-${kind}-${claim.snapshotId}-${claim.fence}${index > 0 ? `.${index + 1}` : ""}`,
    image,
    command,
    env: spec.env,
    workdir: spec.workdir,
    user,
    limits: spec.resources,
    network: spec.network,
    ownership,
  };
}

/** A try of a draft: built as any other, and nothing of it stays. */
export const isTry = ({ version }: Pick<ClaimedSnapshot, "version">) => version === null;

/**
 * Names the profile, the version and the snapshot; the end of the id keeps installations on one engine apart.
 * Each claim has its own: a capture that ends late, after its worker was lost, can't take the name away.
 */
export function imageReference({ claim, profile, version, number }: ClaimedSnapshot): string {
  const again = claim.fence > 1 ? `-a${claim.fence}` : "";
  const of = version === null ? "try" : `v${version}`;
  return `kiln/${profile.slug}:${of}-${number}-${claim.snapshotId.slice(-6)}${again}`;
}

/** One that somebody else gave an image of ours isn't. */
export const isImageReference = (reference: string) => reference.startsWith("kiln/");

const COMMENT = "Kiln snapshot #";

/** Written into the image itself. Labels are handed down to what others build on it; this isn't. */
export const captureComment = (number: number) => `${COMMENT}${number}`;
export const isCaptureComment = (comment: string) => comment.startsWith(COMMENT);

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function describeLimits({ resources, network }: Spec): string {
  const { cpus, memoryMb, pids, diskMb } = resources;
  return `${cpus} CPU${cpus === 1 ? "" : "s"}, ${memoryMb} MB of memory, ${pids} processes, ${diskMb} MB of disk, ${network === "none" ? "no network" : "network"}`;
}
