/**
 * Starts a session: a row on the serving snapshot's host and a job for a worker there, in one transaction. Where a sandbox
 * waits that was started ahead the session has it and runs, and the job only looks after it.
 */
import { randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { recordAudit } from "@/lib/audit/record.server";
import { db, Prisma, type Tx } from "@/lib/db/client.server";
import { AppError, notFound } from "@/lib/errors";
import { Wake } from "@/lib/events/hub.server";
import { enqueueSession } from "@/lib/jobs/boss.server";
import { claimWarm } from "@/lib/pool/claim.server";
import { whereProfile } from "@/lib/profiles/slug";
import { getVersion } from "@/lib/profiles/store.server";
import { requireSecrets } from "@/lib/secrets/require.server";
import type { Actor } from "@/lib/users/roles";
import { persistentPathsOf } from "@/lib/volumes/allow.server";
import { makeVolumes } from "@/lib/volumes/make.server";
import { firstStatus } from "./state";
import { getSession, toSessionWire } from "./store.server";
import type { CreateSession, SessionWire } from "./wire";

const WAIT_MS = 60_000;

/**
 * @throws AppError 404; 409 `version_not_usable` with the reason when nothing is ready, 409 `profile_archived`; 422 `unknown_secret`,
 * `too_long`.
 */
export async function createSession(actor: Actor, input: CreateSession): Promise<SessionWire> {
  const session = await db().$transaction(async (tx) => {
    const profile = await holdProfile(tx, input.profile);
    if (profile.archived)
      throw new AppError(
        409,
        "profile_archived",
        "The profile is archived. Bring it back before you start sessions.",
      );
    const secrets = [...new Set(input.secrets)];
    await requireSecrets(
      tx,
      secrets.map((name, index) => ({ name, path: `secrets.${index}` })),
    );
    const hours = lifetime(profile, input.hours);
    const { version, serving, host } = await holdServing(tx, profile, input.version);
    const keeps = input.persistent ? await persistentPathsOf(tx, version.id, version.number) : [];
    const name = input.name ?? `${profile.slug}-${randomBytes(2).toString("hex")}`;
    const id = uuidv7();
    // A persistent one has volumes, which can't be given to a container that is there.
    const warm = input.persistent ? null : await claimWarm(tx, serving.id, id);
    const { now } = profile;
    const row = await tx.session.create({
      data: {
        id,
        createdAt: now,
        status: firstStatus(warm !== null),
        ...(warm && {
          ...{ containerId: warm.containerId, fromPool: true },
          ...{ startedAt: warm.claimedAt, firstStartedAt: warm.claimedAt },
        }),
        profileId: profile.id,
        versionId: version.id,
        snapshotId: serving.id,
        hostId: serving.hostId,
        name,
        env: input.env,
        secrets,
        persistent: input.persistent ?? false,
        createdBy: actor.name,
        createdById: actor.id,
        expiresAt: new Date(now.getTime() + hours * 3_600_000),
      },
    });
    await makeVolumes(tx, id, keeps);
    await recordAudit(
      tx,
      actor,
      "session.create",
      { kind: "session", id },
      {
        profile: profile.slug,
        version: version.number,
        ...(secrets.length > 0 ? { secrets: secrets.join(" ") } : {}),
      },
    );
    await enqueueSession(tx, serving.hostId, { sessionId: id });
    // All that is told of it is known by now: reading it again would take as long as the rest.
    return toSessionWire({
      ...row,
      profile: { slug: profile.slug, name: profile.name },
      ...{ version, snapshot: serving, host },
    });
  });
  return input.wait === "running" ? waitUntilStarted(session) : session;
}

interface HeldProfile {
  id: string;
  slug: string;
  name: string;
  sessionHours: number;
  sessionMaxHours: number;
  /** The number of its newest version. */
  latestVersion: number | null;
  archived: boolean;
  /** By the database's clock, which is the only one that counts. */
  now: Date;
}

/**
 * Shared with other sessions, but not with archiving: one of the two sees the other (F26). Nothing else of it is read: a
 * session that takes a warm sandbox would wait for that longer than for anything.
 * @throws AppError 404
 */
async function holdProfile(tx: Tx, idOrSlug: string): Promise<HeldProfile> {
  const where = whereProfile(idOrSlug);
  const named = "id" in where ? Prisma.sql`id = ${where.id}::uuid` : Prisma.sql`slug = ${where.slug}`;
  const [profile] = await tx.$queryRaw<HeldProfile[]>(Prisma.sql`
    SELECT id, slug, name, session_hours AS "sessionHours", session_max_hours AS "sessionMaxHours",
      NULLIF(version_count, 0) AS "latestVersion", archived_at IS NOT NULL AS archived, now() AS now
    FROM profiles WHERE ${named} FOR SHARE`);
  if (!profile) throw notFound("profile");
  return profile;
}

/** In hours. @throws AppError 422 `too_long`. */
function lifetime({ sessionHours, sessionMaxHours }: HeldProfile, asked = sessionHours): number {
  if (asked <= sessionMaxHours) return asked;
  const message = `Its profile lets a session live for ${sessionMaxHours} h at most.`;
  throw new AppError(422, "too_long", message, [{ path: "hours", message }]);
}

interface Held {
  version: { id: string; number: number };
  serving: { id: string; number: number; hostId: string };
  host: { name: string };
}

/**
 * The version to start from and its serving snapshot, held until the session's row is there: it can't be removed
 * meanwhile (F21). One that was replaced and removed while this waited for it is looked up again (F27): it is chosen
 * before it is held, so that no older version's takes its place.
 */
async function holdServing(tx: Tx, profile: HeldProfile, number: number | undefined): Promise<Held> {
  const named = number === undefined ? Prisma.empty : Prisma.sql`AND v.number = ${number}::int`;
  for (let tries = 0; tries < 3; tries += 1) {
    const [held] = await tx.$queryRaw<
      Array<{
        versionId: string;
        version: number;
        id: string;
        number: number;
        hostId: string;
        host: string;
      }>
    >(Prisma.sql`
      SELECT v.id AS "versionId", v.number AS version, n.id, n.number, h.id AS "hostId", h.name AS host
      FROM (
        SELECT v.id, v.number, v.serving_snapshot_id FROM versions v JOIN snapshots r ON r.id = v.serving_snapshot_id
        WHERE v.profile_id = ${profile.id}::uuid AND v.state = 'published' AND r.status = 'ready' ${named}
        ORDER BY v.number DESC LIMIT 1
      ) v JOIN snapshots n ON n.id = v.serving_snapshot_id JOIN hosts h ON h.id = n.host_id
      WHERE n.status = 'ready' FOR SHARE OF n`);
    if (held)
      return {
        version: { id: held.versionId, number: held.version },
        serving: { id: held.id, number: held.number, hostId: held.hostId },
        host: { name: held.host },
      };
  }
  // What isn't there has a 404 of its own.
  throw await notUsable(profile.slug, number ?? profile.latestVersion);
}

async function notUsable(slug: string, number: number | null): Promise<AppError> {
  if (number === null)
    return new AppError(
      409,
      "version_not_usable",
      "The profile has no published version. Publish its draft first.",
    );
  const { latestSnapshot, servingSnapshot, servingChoice } = await getVersion(slug, number);
  // Something served, and its image was lost.
  const lost = servingSnapshot === null && servingChoice ? `${servingChoice.reason}, and ` : "";
  const reason =
    latestSnapshot?.status === "queued" || latestSnapshot?.status === "running"
      ? `its snapshot #${latestSnapshot.number} is still being prepared. Wait until it is ready`
      : latestSnapshot?.status === "failed"
        ? `its snapshot #${latestSnapshot.number} failed. Inspect the setup script and output, then refresh`
        : "it has no ready snapshot. Refresh it";
  return new AppError(409, "version_not_usable", `Version ${number} can't start sessions: ${lost}${reason}.`);
}

/** Waits for the row to leave `queued` and `starting`; after a minute answers what there is. */
async function waitUntilStarted(session: SessionWire): Promise<SessionWire> {
  const wake = new Wake((pointer) => pointer.kind === "session" && pointer.id === session.id);
  const deadline = Date.now() + WAIT_MS;
  try {
    let current = session;
    while ((current.status === "queued" || current.status === "starting") && Date.now() < deadline) {
      current = await getSession(session.id);
      if (current.status !== "queued" && current.status !== "starting") break;
      await wake.next(1_000);
    }
    return current;
  } finally {
    wake.close();
  }
}
