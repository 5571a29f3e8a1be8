/** Reads what of a persistent session persists, as it crosses the wire. */
import { z } from "zod";
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { AppError, notFound } from "@/lib/errors";
import { resourcesSchema } from "@/lib/profiles/spec";
import { isUuid } from "@/lib/uuid";
import { type PersistedWire, volumeStateSchema } from "./wire";

/** @throws AppError 404; 409 `not_persistent`. */
export async function getPersisted(sessionId: string): Promise<PersistedWire> {
  const row = isUuid(sessionId)
    ? await db().session.findUnique({
        where: { id: sessionId, status: { not: "deleted" } },
        include: {
          volumes: { orderBy: { path: "asc" } },
          movingTo: { select: { id: true, number: true, version: { select: { number: true } } } },
          version: {
            select: {
              spec: true,
              number: true,
              servingSnapshot: { select: { id: true, number: true, status: true, hostId: true } },
            },
          },
        },
      })
    : null;
  if (!row) throw notFound("session");
  if (!row.persistent) throw notPersistent();
  const { version, movingTo } = row;
  const serving = version.servingSnapshot;
  const movable =
    serving?.status === "ready" && serving.hostId === row.hostId && serving.id !== row.snapshotId;
  const rests = row.stoppedAt !== null && ["stopped", "expired", "failed"].includes(row.status);
  return {
    volumes: row.volumes.map((volume) => ({
      path: volume.path,
      state: volumeStateSchema.parse(volume.state),
      bytes: volume.bytes === null ? null : Number(volume.bytes),
      measuredAt: volume.measuredAt?.toISOString() ?? null,
      archiveBytes: volume.archiveBytes === null ? null : Number(volume.archiveBytes),
      archivedAt: volume.archivedAt?.toISOString() ?? null,
    })),
    limitBytes: diskLimitBytes(version.spec),
    archivesAt:
      rests && row.stoppedAt && row.volumes.some(({ state }) => state === "live")
        ? new Date(row.stoppedAt.getTime() + env().KILN_ARCHIVE_DAYS * 86_400_000).toISOString()
        : null,
    movingTo:
      row.status === "resuming" && movingTo
        ? { id: movingTo.id, number: movingTo.number, version: movingTo.version.number ?? 0 }
        : null,
    newest: movable ? { id: serving.id, number: serving.number, version: version.number ?? 0 } : null,
  };
}

export const notPersistent = () =>
  new AppError(409, "not_persistent", "This session isn’t persistent: nothing of it outlives its container.");

function diskLimitBytes(spec: unknown): number {
  const { resources } = specLimits.parse(spec);
  return resources.diskMb * 1_048_576;
}

const specLimits = z.object({ resources: resourcesSchema.prefault({}) });
