/**
 * The worker's side of archiving: a session that nobody has used for long gives up its container, and its volumes
 * become files. A volume goes after its archive was read again and its row says so; an archive after the volume is
 * back and its row says so. The name of the file is the claim: whoever has another one writes nothing.
 */

import { randomBytes } from "node:crypto";
import { db } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { env } from "@/lib/env.server";

export interface ArchiveTask {
  id: string;
  sessionId: string;
  volume: string;
  file: string;
}

export interface BegunArchive {
  /** Null when the snapshot's image is gone: there is nothing to open the volumes with. */
  imageId: string | null;
  volumes: ArchiveTask[];
}

/** Persistent sessions of a host that nobody has used for as long as that, and whose files aren't archived yet. */
export async function listDueArchives(hostId: string, workerId: string): Promise<string[]> {
  const rows = await db().$queryRaw<Array<{ id: string }>>`
    SELECT s.id FROM sessions s
    WHERE s.host_id = ${hostId}::uuid AND s.persistent AND s.status IN ('stopped', 'expired', 'failed')
      AND s.stopped_at < now() - make_interval(secs => ${env().KILN_ARCHIVE_DAYS * 86_400}::float8)
      AND EXISTS (SELECT 1 FROM session_volumes v LEFT JOIN workers w ON w.id = v.held_by
        WHERE v.session_id = s.id AND (v.state = 'live' OR (v.state = 'archiving' AND (w.id IS NULL OR w.id = ${workerId}::uuid
          OR w.status = 'stopped' OR w.seen_at < now() - make_interval(secs => ${env().KILN_LEASE_SECONDS}::float8)))))
    ORDER BY s.stopped_at LIMIT 20`;
  return rows.map(({ id }) => id);
}

/** Its container is nobody's from here on. @returns null when it is used again. */
export async function beginArchive(sessionId: string, workerId: string): Promise<BegunArchive | null> {
  return db().$transaction(async (tx) => {
    const [session] = await tx.$queryRaw<Array<{ imageId: string | null }>>`
      UPDATE sessions s SET container_id = NULL FROM snapshots n
      WHERE s.id = ${sessionId}::uuid AND n.id = s.snapshot_id AND s.persistent AND s.status IN ('stopped', 'expired', 'failed')
        AND s.stopped_at < now() - make_interval(secs => ${env().KILN_ARCHIVE_DAYS * 86_400}::float8)
      RETURNING COALESCE(n.image_id, (SELECT o.image_id FROM versions v JOIN snapshots o ON o.id = v.serving_snapshot_id
        WHERE v.id = s.version_id AND o.host_id = s.host_id)) AS "imageId"`;
    if (!session) return null;
    const token = randomBytes(6).toString("hex");
    const volumes = await tx.$queryRaw<ArchiveTask[]>`
      UPDATE session_volumes SET state = 'archiving', held_by = ${workerId}::uuid, archive_file = id::text || ${`-${token}.tar.gz`}
      WHERE session_id = ${sessionId}::uuid AND state IN ('live', 'archiving')
      RETURNING id, session_id AS "sessionId", volume, archive_file AS file`;
    return { imageId: session.imageId, volumes };
  });
}

/** The archive is on the disk, and was read again. @returns false when the session was taken up meanwhile. */
export async function recordArchived(
  { id, file }: ArchiveTask,
  { bytes, sha256 }: { bytes: number; sha256: string },
): Promise<boolean> {
  const { count } = await db().sessionVolume.updateMany({
    where: { id, state: "archiving", archiveFile: file },
    data: {
      state: "archived",
      archiveBytes: bytes,
      archiveSha256: sha256,
      archivedAt: databaseTime(),
      heldBy: null,
    },
  });
  return count === 1;
}

/** It didn't work: the volume is what there is. */
export async function abandonArchive({ id, file }: ArchiveTask): Promise<void> {
  await db().sessionVolume.updateMany({
    where: { id, state: "archiving", archiveFile: file },
    data: { state: "live", archiveFile: null, heldBy: null },
  });
}

/** Of these files, those that a session has, or is being given. */
export async function neededArchives(files: readonly string[]): Promise<ReadonlySet<string>> {
  if (files.length === 0) return new Set();
  const rows = await db().sessionVolume.findMany({
    where: { archiveFile: { in: [...files] }, session: { status: { not: "deleted" } } },
    select: { archiveFile: true },
  });
  return new Set(rows.flatMap(({ archiveFile }) => archiveFile ?? []));
}
