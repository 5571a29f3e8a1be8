/** Reads snapshots as they cross the wire. Their changes are use cases of their own, beside this file. */
import { db, type Prisma, type Tx } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { notFound } from "@/lib/errors";
import type { Page } from "@/lib/page";
import { whereProfile } from "@/lib/profiles/slug";
import { specSchema } from "@/lib/profiles/spec";
import { isUuid } from "@/lib/uuid";
import { failureCodeSchema, hintFor } from "./failure";
import type { SnapshotStatus } from "./state";
import { stepTitle } from "./steps";
import { tryExpiresAt } from "./tries.server";
import { type LogCut, type SnapshotWire, triggerSchema } from "./wire";

export const snapshotInclude = {
  profile: { select: { slug: true, name: true } },
  version: { select: { number: true, servingSnapshotId: true, spec: true } },
  steps: { orderBy: { position: "asc" } },
  host: { select: { name: true } },
  worker: { select: { name: true } },
  builtOn: { select: { number: true } },
  secrets: { where: { stale: true }, select: { name: true }, orderBy: { name: "asc" } },
} satisfies Prisma.SnapshotInclude;

export type SnapshotRow = Prisma.SnapshotGetPayload<{ include: typeof snapshotInclude }>;

const iso = (date: Date | null) => date?.toISOString() ?? null;

export function toSnapshotWire(row: SnapshotRow): SnapshotWire {
  const failureCode = failureCodeSchema.safeParse(row.failureCode);
  return {
    id: row.id,
    profileId: row.profileId,
    profile: row.profile,
    version: row.version.number,
    number: row.number,
    trigger: triggerSchema.parse(row.trigger),
    mode: row.mode === "incremental" ? "incremental" : "full",
    builtOn: row.builtOn?.number ?? null,
    builtOnId: row.builtOnId,
    attempt: row.attempt,
    status: row.status,
    serving: row.version.servingSnapshotId === row.id,
    requestedBy: row.requestedByName,
    queuedAt: row.queuedAt.toISOString(),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    cancelRequestedAt: iso(row.cancelRequestedAt),
    cancelRequestedBy: row.cancelRequestedBy,
    cancelEnforcedAt: iso(row.cancelEnforcedAt),
    waitingReason: row.status === "queued" ? row.waitingReason : null,
    image:
      row.imageId && row.imageReference
        ? { id: row.imageId, reference: row.imageReference, sizeBytes: Number(row.imageSizeBytes ?? 0n) }
        : null,
    lost: row.lostAt ? { at: row.lostAt.toISOString(), message: row.removedReason ?? "" } : null,
    baseImage: row.baseImageId
      ? {
          reference: specSchema.parse(row.version.spec).baseImage,
          id: row.baseImageId,
          digest: row.baseImageDigest,
        }
      : null,
    host: row.host?.name ?? null,
    worker: row.worker?.name ?? null,
    failure:
      failureCode.success && row.status === "failed"
        ? {
            code: failureCode.data,
            message: row.failureMessage ?? "",
            step: row.failureStep,
            exitCode: row.failureExitCode,
            hint: row.failureHint ?? hintFor(failureCode.data),
          }
        : null,
    keepOnFailure: row.keepOnFailure,
    kept: row.keptUntil ? { until: row.keptUntil.toISOString(), gone: row.keptContainerId === null } : null,
    staleSecrets: row.status === "ready" && row.trigger !== "try" ? row.secrets.map(({ name }) => name) : [],
    steps: row.steps.map((step) => ({
      name: step.name,
      title: step.title ?? stepTitle(step.name),
      status: step.status,
      startedAt: iso(step.startedAt),
      finishedAt: iso(step.finishedAt),
      firstLine: step.firstLine,
      reusedFrom: step.reusedFrom,
      reusedProfile: step.reusedProfile,
    })),
    log: {
      lines: row.logLines,
      bytes: Number(row.logBytes),
      truncatedBytes: Number(row.logTruncatedBytes),
      cut: cutOf(row),
      lastLine: row.logLastLine,
      expiresAt: iso(logExpiresAt(row)),
      expiredAt: iso(row.logExpiredAt),
    },
  };
}

/** At the earliest: a version's newest failure keeps its log for longer, and a try goes with its log. */
function logExpiresAt({ id, trigger, finishedAt, logExpiredAt, version }: SnapshotRow): Date | null {
  if (!finishedAt || logExpiredAt || version.servingSnapshotId === id) return null;
  const expires = new Date(finishedAt.getTime() + env().KILN_LOG_DAYS * 86_400_000);
  const gone = trigger === "try" ? tryExpiresAt(finishedAt) : expires;
  return gone < expires ? gone : expires;
}

/** The lines that a log has lost to its cap. */
export function cutOf(
  row: Pick<SnapshotRow, "logCutFrom" | "logCutTo" | "logTruncatedBytes">,
): LogCut | null {
  return row.logCutFrom !== null && row.logCutTo !== null
    ? { from: row.logCutFrom, to: row.logCutTo, bytes: Number(row.logTruncatedBytes) }
    : null;
}

/** @throws AppError 404 when there is none. */
export async function getSnapshot(id: string, tx: Tx = db()): Promise<SnapshotWire> {
  const row = isUuid(id) ? await tx.snapshot.findUnique({ where: { id }, include: snapshotInclude }) : null;
  if (!row) throw notFound("snapshot");
  return toSnapshotWire(row);
}

export interface SnapshotList {
  /** Id or slug. */
  profile?: string | undefined;
  versionId?: string | undefined;
  status?: SnapshotStatus | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** Newest first. Ids are UUIDv7, so their order is the order of time and the id is the cursor. */
export async function listSnapshots(list: SnapshotList): Promise<Page<SnapshotWire>> {
  const rows = await db().snapshot.findMany({
    where: {
      ...(list.versionId ? { versionId: list.versionId } : {}),
      ...(list.profile ? { profile: whereProfile(list.profile) } : {}),
      ...(list.status ? { status: list.status } : {}),
      ...(list.cursor && isUuid(list.cursor) ? { id: { lt: list.cursor } } : {}),
    },
    include: snapshotInclude,
    orderBy: { id: "desc" },
    take: list.limit + 1,
  });
  const items = rows.slice(0, list.limit);
  return {
    items: items.map(toSnapshotWire),
    nextCursor: rows.length > list.limit ? (items.at(-1)?.id ?? null) : null,
  };
}
