/** The worker's side of a persistent session's start: which volumes its container gets, and which have to be restored first. */
import { z } from "zod";
import { db } from "@/lib/db/client.server";
import { newVolumeName } from "./make.server";
import { type VolumeState, volumeStateSchema } from "./wire";

export interface SessionVolume {
  id: string;
  path: string;
  volume: string;
  state: VolumeState;
}

/**
 * All of them, by path. What was being archived is the session's again: whoever archives it finds that out when it
 * writes that down.
 */
export async function claimVolumes(sessionId: string): Promise<SessionVolume[]> {
  await db().sessionVolume.updateMany({
    where: { sessionId, state: "archiving" },
    data: { state: "live", heldBy: null, archiveFile: null },
  });
  const rows = await db().sessionVolume.findMany({
    where: { sessionId },
    select: { id: true, path: true, volume: true, state: true },
    orderBy: { path: "asc" },
  });
  return rows.map((row) => ({ ...row, state: volumeStateSchema.parse(row.state) }));
}

/** Their container has been started: from now on a volume that isn't on the engine was lost. */
export async function recordUsed(sessionId: string): Promise<void> {
  await db().sessionVolume.updateMany({ where: { sessionId, state: "new" }, data: { state: "live" } });
}

const archiveSchema = z.object({ file: z.string(), bytes: z.bigint(), sha256: z.string() });

export interface Restoration {
  id: string;
  sessionId: string;
  path: string;
  /** The new volume, which is the claim as well: another try gets another one. */
  volume: string;
  file: string;
  sha256: string;
  bytes: number;
}

/** Names the volume that an archive is restored into. @returns null when the session isn't being started any more. */
export async function beginRestore(sessionId: string, id: string): Promise<Restoration | null> {
  const volume = newVolumeName(sessionId);
  const rows = await db().$queryRaw<Array<{ path: string; file: string; bytes: bigint; sha256: string }>>`
    UPDATE session_volumes v SET state = 'restoring', volume = ${volume} FROM sessions s
    WHERE v.id = ${id}::uuid AND s.id = v.session_id AND v.state IN ('archived', 'restoring')
      AND s.status IN ('starting', 'resuming')
    RETURNING v.path, v.archive_file AS file, v.archive_bytes AS bytes, v.archive_sha256 AS sha256`;
  const [row] = rows;
  if (!row) return null;
  const { file, bytes, sha256 } = archiveSchema.parse(row);
  return { id, sessionId, path: row.path, volume, file, sha256, bytes: Number(bytes) };
}

/** Everything is in the volume. Only after this the archive may go. Safe to repeat. @returns false when another try has begun. */
export async function endRestore({ id, volume }: Restoration): Promise<boolean> {
  const { count } = await db().sessionVolume.updateMany({
    where: { id, volume, state: { in: ["restoring", "live"] } },
    data: { state: "live", archiveFile: null, archiveBytes: null, archiveSha256: null, archivedAt: null },
  });
  return count === 1;
}

/** It didn't work: the archive is what there is. What is in the new volume belongs to no row once another is named. */
export async function abandonRestore({ id, volume }: Restoration): Promise<void> {
  await db().sessionVolume.updateMany({
    where: { id, volume, state: "restoring" },
    data: { state: "archived" },
  });
}
