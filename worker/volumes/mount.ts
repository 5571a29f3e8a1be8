/** The volumes of a persistent session: given to its container, restored where they are archived, removed with it. */
import path from "node:path/posix";
import { PassThrough } from "node:stream";
import { pack } from "tar-stream";
import { insist } from "@/lib/db/insist.server";
import { installationId } from "@/lib/installation.server";
import { log } from "@/lib/log.server";
import type { SessionPlan } from "@/lib/sessions/progress.server";
import { claimVolumes, recordUsed } from "@/lib/volumes/mount.server";
import { type CacheMount, type Engine, EngineError } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { restoreVolume } from "./restore";

export const containerLost =
  "Its container was gone from the engine, and another one was started. Its persistent folders are as they were; everything else is as in its snapshot.";

/**
 * One a path. The engine makes those that aren't there yet, and fills them from the image; so one that has been used
 * and is gone is an end, and not a new beginning. @throws EngineError `failed` for that one, with what can be done.
 */
export async function mountVolumes(
  plan: Pick<SessionPlan, "id" | "imageId">,
  worker: WorkerIdentity,
  engine: Engine,
): Promise<CacheMount[]> {
  const installation = await installationId();
  const ownership = { installation, kind: "persistent" as const, owner: plan.id };
  const there = new Set((await engine.listVolumes(installation)).map(({ name }) => name));
  const mounts: CacheMount[] = [];
  for (const { id, path, volume, state } of await insist(() => claimVolumes(plan.id))) {
    if (state === "live" && !there.has(volume))
      throw new EngineError(
        "failed",
        `The files of ${path} are gone: somebody removed the volume ${volume} from the engine. Bring it back from a backup and resume the session, or delete the session.`,
      );
    const restored = state === "archived" || state === "restoring";
    mounts.push({
      path,
      volume: restored ? await restoreVolume(plan, id, worker, engine) : volume,
      ownership,
    });
  }
  return mounts;
}

/** Who the session's user is, and in which of the folders that one can't write, though nothing is in them. */
const ASK = `id -u; id -g; for folder; do [ -w "$folder" ] || [ -n "$(ls -A "$folder")" ] || echo "$folder"; done`;

/**
 * Their container runs for the first time. A folder that the image hasn't got was made as root's, and root in a session
 * of somebody else may do nothing about that: so the engine gives it to the session's user.
 */
export async function volumesStarted(
  { id, spec: { user } }: SessionPlan,
  container: string,
  engine: Engine,
): Promise<void> {
  const fresh = (await insist(() => claimVolumes(id))).filter(({ state }) => state === "new");
  if (fresh.length === 0) return;
  const command = ["/bin/sh", "-c", ASK, "kiln", ...fresh.map(({ path }) => path)];
  const asked = await engine.exec(container, {
    command,
    timeoutSeconds: 30,
    maxBytes: 65_536,
    user,
    workdir: "/",
  });
  const [uid, gid, ...folders] = new TextDecoder().decode(asked.stdout).trimEnd().split("\n");
  if (asked.exitCode !== 0 || !/^\d+$/.test(uid ?? "") || !/^\d+$/.test(gid ?? ""))
    log.warn({ sessionId: id, exitCode: asked.exitCode }, "persistent folders stay whose they are");
  else
    for (const folder of folders)
      await give(container, folder, { uid: Number(uid), gid: Number(gid) }, engine);
  await insist(() => recordUsed(id));
}

async function give(container: string, folder: string, owner: { uid: number; gid: number }, engine: Engine) {
  const tar = pack();
  tar.entry({
    ...owner,
    name: `${path.basename(folder)}/`,
    type: "directory",
    mode: 0o755,
    mtime: new Date(),
  });
  tar.finalize();
  await engine.importFolder(
    container,
    path.dirname(folder),
    tar.pipe(new PassThrough()),
    new AbortController().signal,
  );
}

/** Of a deleted session. What something still uses is the sweep's. */
export async function removeVolumes(sessionId: string, engine: Engine): Promise<void> {
  const all = await engine.listVolumes(await installationId());
  for (const { name, ownership } of all)
    if (ownership.kind === "persistent" && ownership.owner === sessionId) await engine.removeVolume(name);
}
