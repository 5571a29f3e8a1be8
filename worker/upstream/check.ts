/** Looks at one snapshot's base image and repositories, and writes down what has moved. */
import { insist } from "@/lib/db/insist.server";
import { log } from "@/lib/log.server";
import { type Found, recordCheck, type UpstreamCheck } from "@/lib/upstream/check.server";
import { baseMoved, headMoved, isPinned } from "@/lib/upstream/moved";
import { type Engine, EngineError } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { SecretNotOpened } from "@/worker/secrets/open";
import { readRepositoryHeads } from "./heads";

export async function checkUpstream(
  check: UpstreamCheck,
  worker: WorkerIdentity,
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  const [base, repositories] = await Promise.all([
    lookAtBase(check, engine, signal),
    lookAtRepositories(check, worker, engine, signal),
  ]);
  const found = {
    baseMoved: base.moved,
    repositoriesMoved: repositories.moved,
    error: [base.error, repositories.error].filter((error) => error !== null).join(" ") || null,
  } satisfies Found;
  if (found.error !== null)
    log.info({ snapshotId: check.snapshotId, reason: found.error }, "not all of its upstream answered");
  await insist(() => recordCheck(check.snapshotId, worker.id, found), signal);
}

interface Look<Moved> {
  /** Null when nobody could say. */
  moved: Moved | null;
  error: string | null;
}

async function lookAtBase(
  { spec: { baseImage }, baseImageDigest }: UpstreamCheck,
  engine: Engine,
  signal: AbortSignal,
): Promise<Look<boolean>> {
  if (baseImageDigest === null || isPinned(baseImage)) return { moved: false, error: null };
  return told(`The base image could not be looked up`, signal, async () => ({
    moved: baseMoved(baseImageDigest, await engine.registryDigest(baseImage, signal)),
    error: null,
  }));
}

async function lookAtRepositories(
  check: UpstreamCheck,
  worker: WorkerIdentity,
  engine: Engine,
  signal: AbortSignal,
): Promise<Look<string[]>> {
  const { repositories } = check.spec;
  if (repositories.length === 0) return { moved: [], error: null };
  return told("The repositories could not be looked up", signal, async () => {
    const heads = await readRepositoryHeads(check, worker, engine, signal);
    // Its image has no git any more, or a key that is gone was needed.
    if (heads.length === 0) return { moved: null, error: null };
    const urlsOf = (chosen: typeof heads) => [
      ...new Set(chosen.flatMap(({ index }) => repositories[index]?.url ?? [])),
    ];
    const silent = urlsOf(heads.filter(({ failed }) => failed));
    const error = silent.length > 0 ? `No answer from ${silent.join(", ")}.` : null;
    const moved = urlsOf(heads.filter(headMoved));
    // One that doesn't answer may have moved, or moved back: what was known of it stays.
    return { moved: error !== null && moved.length === 0 ? null : moved, error };
  });
}

async function told<Moved>(
  what: string,
  signal: AbortSignal,
  look: () => Promise<Look<Moved>>,
): Promise<Look<Moved>> {
  try {
    return await look();
  } catch (error) {
    signal.throwIfAborted();
    const known = error instanceof EngineError || error instanceof SecretNotOpened;
    if (!known) log.warn({ err: error }, what);
    return {
      moved: null,
      error: `${what}${known ? `: ${error.message}` : "; the worker’s log has the details."}`,
    };
  }
}
