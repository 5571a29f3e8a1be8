/** Reads sessions as they cross the wire. */
import { db, type Prisma, type Tx } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { notFound } from "@/lib/errors";
import type { Page } from "@/lib/page";
import { whereProfile } from "@/lib/profiles/slug";
import { isUuid } from "@/lib/uuid";
import { isKept } from "./state";
import { type SessionWire, sessionEnvSchema } from "./wire";

const sessionInclude = {
  profile: { select: { slug: true, name: true } },
  version: { select: { number: true } },
  snapshot: { select: { number: true } },
  host: { select: { name: true } },
} satisfies Prisma.SessionInclude;

/** A row with what is told of its profile, version, snapshot and host. */
export function toSessionWire(
  row: Prisma.SessionGetPayload<{ include: typeof sessionInclude }>,
): SessionWire {
  return {
    id: row.id,
    name: row.name,
    profileId: row.profileId,
    profile: row.profile,
    version: row.version.number ?? 0,
    snapshotId: row.snapshotId,
    snapshotNumber: row.snapshot.number,
    status: row.status,
    host: row.host.name,
    containerId: row.containerId,
    persistent: row.persistent,
    // As they are kept they are ordered by length.
    variables: Object.keys(sessionEnvSchema.parse(row.env)).toSorted(),
    secrets: row.secrets,
    fromPool: row.fromPool,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    stoppedAt: row.stoppedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt.toISOString(),
    keptUntil:
      isKept(row.status) && row.stoppedAt && !row.persistent
        ? new Date(row.stoppedAt.getTime() + env().KILN_SESSION_DAYS * 86_400_000).toISOString()
        : null,
    failure: row.failureCode ? { code: row.failureCode, message: row.failureMessage ?? "" } : null,
    notice: row.notice,
  };
}

/** @throws AppError 404; a deleted session is gone. */
export async function getSession(id: string, tx: Tx = db()): Promise<SessionWire> {
  const row = isUuid(id)
    ? await tx.session.findUnique({ where: { id, status: { not: "deleted" } }, include: sessionInclude })
    : null;
  if (!row) throw notFound("session");
  return toSessionWire(row);
}

/** Newest first, by UUIDv7. */
export async function listSessions(list: {
  profile?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}): Promise<Page<SessionWire>> {
  const rows = await db().session.findMany({
    where: {
      status: { not: "deleted" },
      ...(list.profile ? { profile: whereProfile(list.profile) } : {}),
      ...(list.cursor && isUuid(list.cursor) ? { id: { lt: list.cursor } } : {}),
    },
    include: sessionInclude,
    orderBy: { id: "desc" },
    take: list.limit + 1,
  });
  const items = rows.slice(0, list.limit);
  return {
    items: items.map(toSessionWire),
    nextCursor: rows.length > list.limit ? (items.at(-1)?.id ?? null) : null,
  };
}
