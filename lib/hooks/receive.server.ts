/** Takes a message to a hook: once, and only from someone who holds its key. */

import { db, Prisma, type Tx } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { AppError, notFound } from "@/lib/errors";
import { installationId } from "@/lib/installation.server";
import { getBackground } from "@/lib/schedules/background.server";
import { blackoutNow } from "@/lib/schedules/blackout.server";
import { requestSnapshot } from "@/lib/snapshots/request.server";
import { hookKey } from "./key.server";
import { verify } from "./signature";
import { hookActor, newestVersion, waitForTurn } from "./waiting.server";
import type { HookAnswer } from "./wire";

interface Hook {
  id: string;
  name: string;
  profileId: string;
}

/**
 * @param readBody is asked only when there is such a hook
 * @throws AppError 404; 401 `unsigned`, `wrong_signature` or `too_old`; 409 `profile_archived`; what `readBody` throws.
 */
export async function receiveHook(
  token: string,
  headers: Pick<Headers, "get">,
  readBody: () => Promise<Uint8Array>,
): Promise<HookAnswer> {
  const hook = await db().hook.findUnique({
    where: { token },
    select: { id: true, name: true, profileId: true },
  });
  if (!hook) throw notFound("hook");
  const body = await readBody();
  const verdict = verify(hookKey(await installationId(), hook.id), headers, body, Date.now());
  if (!verdict.ok) throw new AppError(401, verdict.code, verdict.message);
  // What GitHub sends when the hook is set up there.
  const isPing = headers.get("x-github-event") === "ping";
  return db().$transaction(async (tx) => {
    // Deleted since: nothing of it may be taken any more.
    const [held] = await tx.$queryRaw<Array<{ id: string }>>`
      SELECT id FROM hooks WHERE id = ${hook.id}::uuid FOR NO KEY UPDATE`;
    if (!held) throw notFound("hook");
    const taken = await tx.$executeRaw`
      INSERT INTO hook_messages (hook_id, key) VALUES (${hook.id}::uuid, ${verdict.known}) ON CONFLICT DO NOTHING`;
    if (taken === 0) return said("repeated", "This message was taken before.");
    const answer = isPing ? said("ignored", "A ping: the signature is right.") : await ask(tx, hook);
    await tx.hook.update({
      where: { id: hook.id },
      data: { lastAt: databaseTime(), lastOutcome: answer.outcome },
    });
    return answer;
  });
}

const said = (outcome: HookAnswer["outcome"], reason: string): HookAnswer => ({
  outcome,
  reason,
  snapshot: null,
});

async function ask(tx: Tx, hook: Hook): Promise<HookAnswer> {
  const [version] = await tx.$queryRaw<Array<{ id: string; running: number | null }>>`
    SELECT v.id, (SELECT max(n.number) FROM snapshots n WHERE n.version_id = v.id AND n.status = 'running') AS running
    FROM versions v WHERE v.id = (${newestVersion(Prisma.sql`${hook.profileId}::uuid`)})`;
  if (!version) return said("ignored", "No version of the profile is published yet.");
  const { paused, by, reason } = await getBackground(tx);
  if (paused) {
    await waitForTurn(tx, hook.profileId, hook.name);
    return said("waits", `${by} paused all background refreshes${reason ? `: ${reason}` : "."}`);
  }
  const blackout = await blackoutNow(tx);
  if (blackout !== null) {
    await waitForTurn(tx, hook.profileId, hook.name);
    const why = blackout.reason === "" ? "" : `: ${blackout.reason}`;
    return said("waits", `A blackout holds until ${blackout.until.toISOString()}${why}`);
  }
  // It may have fetched already what has changed since: the one that follows is the one that was asked for.
  if (version.running !== null) {
    await waitForTurn(tx, hook.profileId, hook.name);
    return said("waits", `Snapshot #${version.running} is being built; another one follows it.`);
  }
  const { snapshot, joined } = await requestSnapshot(tx, hookActor(hook.name), {
    versionId: version.id,
    trigger: "hook",
    mode: "full",
  });
  const { id, number } = snapshot;
  return { outcome: joined ? "joined" : "queued", reason: null, snapshot: { id, number } };
}

/** A body whose time isn't signed is remembered for so long. */
const REMEMBERED_DAYS = 365;
const FORGOTTEN_AT_ONCE = 5_000;

export async function forgetHookMessages(): Promise<void> {
  await db().$executeRaw`
    DELETE FROM hook_messages WHERE (hook_id, key) IN (
      SELECT hook_id, key FROM hook_messages
      WHERE at < now() - make_interval(days => CASE WHEN key LIKE 'id %' THEN 1 ELSE ${REMEMBERED_DAYS}::int END)
      LIMIT ${FORGOTTEN_AT_ONCE})`;
}
