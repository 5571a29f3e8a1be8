/** Builds without an engine: the same claims, writes and endings as a worker's, in the same order. */
import { packLines } from "@/lib/logs/chunk";
import type { SpecInput } from "@/lib/profiles/spec";
import { type ClaimedSnapshot, claimSnapshot } from "@/lib/snapshots/claim.server";
import { type Ending, endSnapshot } from "@/lib/snapshots/finish.server";
import { appendChunk, type Claim } from "@/lib/snapshots/log-store.server";
import { recordImage } from "@/lib/snapshots/progress.server";
import { refreshVersion } from "@/lib/snapshots/request.server";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { nextNumber } from "./numbers";
import { operator } from "./people";
import { type Published, publishProfile } from "./profiles";
import type { TestWorker } from "./workers";

/** @throws Error when it isn't queued. */
export async function claimBuild(snapshotId: string, worker: TestWorker): Promise<ClaimedSnapshot> {
  const claimed = await claimSnapshot(snapshotId, worker);
  if (!claimed) throw new Error(`Snapshot ${snapshotId} could not be claimed.`);
  return claimed;
}

/** Asks for another snapshot of the profile's version 1 and claims it. */
export async function claimRefresh({ profile }: Published, worker: TestWorker): Promise<ClaimedSnapshot> {
  const { snapshot } = await requestRefresh(profile.id);
  return claimBuild(snapshot.id, worker);
}

export function requestRefresh(
  profile: string,
  version = 1,
): Promise<{ snapshot: SnapshotWire; joined: boolean }> {
  return refreshVersion(operator, { profile, version, trigger: "manual", mode: "full" });
}

/** Appends lines of output as one chunk. @returns what `appendChunk` does. */
export function writeLines(claimed: ClaimedSnapshot, texts: string[]): Promise<boolean> {
  const lines = texts.map((text) => ({ stream: "stdout" as const, at: Date.now(), text }));
  const { seq, lines: before } = claimed.log;
  claimed.log.seq += 1;
  claimed.log.lines += texts.length;
  return appendChunk(claimed.claim, {
    seq: seq + 1,
    firstLine: before + 1,
    step: "setup",
    ...packLines(lines),
  });
}

export function captureImage(claim: Claim): Promise<boolean> {
  const id = `sha256:${String(nextNumber()).padStart(64, "0")}`;
  return recordImage(claim, {
    id,
    reference: `kiln/test:${claim.snapshotId.slice(-6)}`,
    sizeBytes: 1_000_000,
  });
}

/** @returns whether it became ready. */
export async function finishReady(
  { claim }: ClaimedSnapshot,
  ending: Omit<Extract<Ending, { status: "ready" }>, "status"> = {},
): Promise<boolean> {
  await captureImage(claim);
  return endSnapshot({ claim }, { status: "ready", ...ending }, []);
}

export function finishFailed({ claim }: ClaimedSnapshot): Promise<boolean> {
  const failure = {
    code: "setup_failed" as const,
    message: "The setup script ended with exit code 7.",
    step: "setup",
    exitCode: 7,
  };
  return endSnapshot({ claim }, { status: "failed", failure }, [`Failed: ${failure.message}`]);
}

/** A published profile whose version 1 has a serving snapshot. */
export async function publishReady(worker: TestWorker, parts: Partial<SpecInput> = {}): Promise<Published> {
  const published = await publishProfile(parts);
  await finishReady(await claimBuild(published.snapshot.id, worker));
  return published;
}
