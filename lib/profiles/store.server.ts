/** Reads profiles, drafts and versions as they cross the wire. Their changes are use cases beside this file. */
import { db, type Prisma, type Tx } from "@/lib/db/client.server";
import { AppError, notFound } from "@/lib/errors";
import { MAX_INT, type Page } from "@/lib/page";
import { type Outlook, outlookOf } from "@/lib/schedules/outlook.server";
import { toScheduleWire } from "@/lib/schedules/to-wire.server";
import { activeStatuses as activeSessionStatuses } from "@/lib/sessions/state";
import { snapshotInclude, toSnapshotWire } from "@/lib/snapshots/store.server";
import type { DriftWire } from "@/lib/upstream/wire";
import { isUuid } from "@/lib/uuid";
import { keepablePaths } from "@/lib/volumes/allow.server";
import { whereProfile } from "./slug";
import { specSchema } from "./spec";
import type { DraftWire, ProfileWire, VersionWire } from "./wire";

const profileInclude = {
  // The draft, if there is one, and the newest published version; not what was only tried.
  versions: {
    where: { state: { in: ["draft", "published"] } },
    orderBy: { number: { sort: "desc", nulls: "first" } },
    take: 2,
    include: { snapshots: { orderBy: { number: "desc" }, take: 1, include: snapshotInclude } },
  },
  _count: { select: { sessions: { where: { status: { in: activeSessionStatuses } } } } },
} satisfies Prisma.ProfileInclude;

type ProfileRow = Prisma.ProfileGetPayload<{ include: typeof profileInclude }>;

async function withServing(rows: ProfileRow[], tx: Tx): Promise<ProfileWire[]> {
  // The serving snapshot of the newest version that has one: what a new session would start from.
  const serving = await tx.version.findMany({
    where: { profileId: { in: rows.map((row) => row.id) }, servingSnapshotId: { not: null } },
    orderBy: [{ profileId: "asc" }, { number: "desc" }],
    distinct: ["profileId"],
    select: { id: true, profileId: true, servingSnapshot: { include: snapshotInclude } },
  });
  const servingOf = new Map(serving.map((version) => [version.profileId, version.servingSnapshot]));
  const keepable = await keepablePaths(
    serving.map(({ id }) => id),
    tx,
  );
  return rows.map((row) => {
    const draft = row.versions.find((version) => version.state === "draft");
    const latest = row.versions.find((version) => version.state === "published")?.snapshots[0];
    const serves = servingOf.get(row.id);
    return {
      id: row.id,
      slug: row.slug,
      name: row.name,
      description: row.description,
      draft: draft
        ? { revision: draft.revision, updatedAt: draft.updatedAt.toISOString(), basedOn: draft.basedOn }
        : null,
      latestVersion: row.versionCount || null,
      keepSnapshots: row.keepSnapshots,
      refreshOnSecret: row.refreshOnSecret,
      refreshAfterDays: row.refreshAfterDays,
      refreshOnBase: row.refreshOnBase,
      refreshOnRepository: row.refreshOnRepository,
      sessionHours: row.sessionHours,
      sessionMaxHours: row.sessionMaxHours,
      sessionIdleMinutes: row.sessionIdleMinutes,
      poolSize: row.poolSize,
      hookWaitingSince: row.hookWaitingSince?.toISOString() ?? null,
      servingSnapshot: serves ? toSnapshotWire(serves) : null,
      latestSnapshot: latest ? toSnapshotWire(latest) : null,
      persistentPaths: keepable.get(row.id) ?? [],
      activeSessions: row._count.sessions,
      createdBy: row.createdBy,
      updatedBy: row.updatedBy,
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      archivedAt: row.archivedAt?.toISOString() ?? null,
    };
  });
}

/** @throws AppError 404. */
export async function getProfile(idOrSlug: string, tx: Tx = db()): Promise<ProfileWire> {
  const row = await tx.profile.findUnique({ where: whereProfile(idOrSlug), include: profileInclude });
  const [profile] = row ? await withServing([row], tx) : [];
  if (!profile) throw notFound("profile");
  return profile;
}

/** Taken literally: the client hands `%`, `_` and `\` on to LIKE as they are. */
const containing = (query: string) => ({
  contains: query.replaceAll(/[\\%_]/g, "\\$&"),
  mode: "insensitive" as const,
});

export interface ProfileList {
  query?: string | undefined;
  archived?: boolean | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** Newest first, by id: the order doesn't move while somebody works on a profile. */
export async function listProfiles(list: ProfileList): Promise<Page<ProfileWire>> {
  const rows = await db().profile.findMany({
    where: {
      archivedAt: list.archived ? { not: null } : null,
      ...(list.query
        ? {
            OR: [
              { name: containing(list.query) },
              { slug: containing(list.query) },
              { description: containing(list.query) },
            ],
          }
        : {}),
      ...(list.cursor && isUuid(list.cursor) ? { id: { lt: list.cursor } } : {}),
    },
    include: profileInclude,
    orderBy: { id: "desc" },
    take: list.limit + 1,
  });
  const items = await withServing(rows.slice(0, list.limit), db());
  return { items, nextCursor: rows.length > list.limit ? (items.at(-1)?.id ?? null) : null };
}

export function noDraft(): AppError {
  return new AppError(404, "no_draft", "The profile has no draft. Make one from a version first.");
}

/** @throws AppError 404 `no_draft`, or `not_found` for the profile. */
export async function getDraft(idOrSlug: string, tx: Tx = db()): Promise<DraftWire> {
  const row = await tx.version.findFirst({ where: { state: "draft", profile: whereProfile(idOrSlug) } });
  if (!row) {
    await getProfile(idOrSlug, tx);
    throw noDraft();
  }
  return {
    spec: specSchema.parse(row.spec),
    revision: row.revision,
    basedOn: row.basedOn,
    updatedAt: row.updatedAt.toISOString(),
    updatedBy: row.updatedBy,
  };
}

const versionInclude = {
  schedule: true,
  profile: { select: { scheduleCron: true, scheduleTimezone: true } },
  servingSnapshot: { include: snapshotInclude },
  snapshots: { orderBy: { number: "desc" }, take: 1, include: snapshotInclude },
} satisfies Prisma.VersionInclude;

function toDrift(row: Prisma.SnapshotGetPayload<object>): DriftWire {
  return {
    baseMovedAt: row.baseMovedAt?.toISOString() ?? null,
    repositoryMovedAt: row.repositoryMovedAt?.toISOString() ?? null,
    repositories: row.repositoriesMoved,
    checkedAt: row.upstreamCheckedAt?.toISOString() ?? null,
    error: row.upstreamError,
  };
}

type VersionRow = Prisma.VersionGetPayload<{ include: typeof versionInclude }>;

async function toVersionWires(rows: readonly VersionRow[], tx: Tx): Promise<VersionWire[]> {
  const outlook = await outlookOf(
    rows.map(({ schedule }) => schedule),
    tx,
  );
  return rows.map((row) => toVersionWire(row, outlook));
}

function toVersionWire(row: VersionRow, outlook: Outlook): VersionWire {
  const latest = row.snapshots[0];
  const serving = row.servingSnapshot ? toSnapshotWire(row.servingSnapshot) : null;
  return {
    id: row.id,
    number: row.number ?? 0,
    state: "published",
    spec: specSchema.parse(row.spec),
    notes: row.notes,
    publishedAt: (row.publishedAt ?? row.createdAt).toISOString(),
    publishedBy: row.publishedBy ?? "",
    usable: row.servingSnapshot?.status === "ready",
    servingSnapshot: serving,
    servingChoice: row.servingBy === null ? null : { by: row.servingBy, reason: row.servingReason ?? "" },
    pinned: row.pinned,
    latestSnapshot: latest ? toSnapshotWire(latest) : null,
    staleSecrets: serving?.staleSecrets ?? [],
    drift: row.servingSnapshot ? toDrift(row.servingSnapshot) : null,
    schedule: row.schedule ? toScheduleWire(row.schedule, row.profile, outlook) : null,
  };
}

/** @throws AppError 404. */
export async function getVersion(idOrSlug: string, number: number, tx: Tx = db()): Promise<VersionWire> {
  const row = await tx.version.findFirst({
    where: { state: "published", number, profile: whereProfile(idOrSlug) },
    include: versionInclude,
  });
  if (!row) throw notFound("version");
  return toVersionWire(row, await outlookOf([row.schedule], tx));
}

/** Newest first; the cursor is a version's number. */
export async function listVersions(
  idOrSlug: string,
  list: { cursor?: string | undefined; limit: number },
): Promise<Page<VersionWire>> {
  const before = Math.min(Number.parseInt(list.cursor ?? "", 10), MAX_INT);
  const rows = await db().version.findMany({
    where: {
      state: "published",
      profile: whereProfile(idOrSlug),
      ...(before > 0 ? { number: { lt: before } } : {}),
    },
    include: versionInclude,
    orderBy: { number: "desc" },
    take: list.limit + 1,
  });
  if (rows.length === 0) await getProfile(idOrSlug);
  const items = await toVersionWires(rows.slice(0, list.limit), db());
  return { items, nextCursor: rows.length > list.limit ? String(items.at(-1)?.number ?? "") : null };
}
