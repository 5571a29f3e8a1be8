/** Reads inventories as they cross the wire. Removed snapshots keep theirs. */
import { db, Prisma } from "@/lib/db/client.server";
import { AppError, notFound } from "@/lib/errors";
import type { SnapshotStatus } from "@/lib/snapshots/state";
import { isUuid } from "@/lib/uuid";
import { type Content, contentSchema, MOST_TRIES, managers } from "./content";
import { takerLives } from "./take.server";
import type { InventoryOf, InventoryState, InventorySummary, InventoryWire } from "./wire";

interface Named {
  id: string;
  number: number;
  version: number | null;
  slug: string;
  name: string;
}

interface Row extends Named {
  status: SnapshotStatus;
  tries: number;
  error: string | null;
  takenAt: Date | null;
  busy: boolean;
}

export interface Found {
  of: InventoryOf;
  status: SnapshotStatus;
  state: InventoryState;
  tries: number;
  error: string | null;
  takenAt: Date | null;
}

/** @throws AppError 404 when there is no such snapshot. */
export async function findInventory(id: string): Promise<Found> {
  const [row] = isUuid(id)
    ? await db().$queryRaw<Row[]>`
        SELECT s.id, s.number, v.number AS version, p.slug, p.name, s.status::text AS status,
          coalesce(i.tries, 0) AS tries, i.error, i.taken_at AS "takenAt", ${takerLives()} AS busy
        FROM snapshots s JOIN versions v ON v.id = s.version_id JOIN profiles p ON p.id = s.profile_id
          LEFT JOIN inventories i ON i.snapshot_id = s.id
        WHERE s.id = ${id}::uuid`
    : [];
  if (!row) throw notFound("snapshot");
  const { status, tries, error, takenAt } = row;
  return { of: toOf(row), status, state: stateOf(row), tries, error, takenAt };
}

function stateOf({ status, takenAt, tries, busy }: Row): InventoryState {
  if (takenAt) return "taken";
  if (status !== "ready") return "none";
  return tries >= MOST_TRIES && !busy ? "given_up" : "pending";
}

const toOf = ({ id, number, version, slug, name }: Named): InventoryOf => ({
  id,
  number,
  version: version ?? 0,
  profile: { slug, name },
});

/** What was stored; `found` must be one that was taken. */
export async function readContent({ of }: Found): Promise<Content> {
  const { content } = await db().inventory.findUniqueOrThrow({
    where: { snapshotId: of.id },
    select: { content: true },
  });
  return contentSchema.parse(content);
}

export function toInventoryWire({ of, takenAt }: Found, content: Content): InventoryWire {
  const { programs, newPrograms, ...rest } = content;
  return {
    snapshot: of,
    takenAt: (takenAt ?? new Date(0)).toISOString(),
    ...rest,
    executables: newPrograms ?? programs,
    executablesOnPath: programs.length,
    baseKnown: newPrograms !== null,
  };
}

/** For a page that shows a snapshot, whatever became of its inventory. @throws AppError 404 */
export async function summarizeInventory(id: string): Promise<InventorySummary> {
  const found = await findInventory(id);
  const { of, state, tries, error, takenAt } = found;
  const content = state === "taken" ? await readContent(found) : null;
  const counted = managers.map((manager) => ({
    manager,
    count: content?.packages.filter((each) => each.manager === manager).length ?? 0,
  }));
  return {
    snapshot: of,
    state,
    tries,
    error,
    takenAt: takenAt?.toISOString() ?? null,
    packages: counted.filter(({ count }) => count > 0),
    baseKnown: content ? content.newPrograms !== null : true,
    executables: content ? (content.newPrograms ?? content.programs).length : 0,
    files: content?.files ?? 0,
    bytes: content?.bytes ?? 0,
    unreadable: content?.unreadable ?? [],
    previous: (await findPrevious(id))?.of ?? null,
  };
}

export interface Previous {
  of: InventoryOf;
  chosen: "earlier_snapshot" | "earlier_version";
}

/**
 * The snapshot before it that has an inventory, or will have: of its own version, else the newest one of the
 * nearest version before.
 */
export async function findPrevious(id: string): Promise<Previous | null> {
  const [row] = await db().$queryRaw<Array<Named & { same: boolean }>>`
    SELECT c.id, c.number, cv.number AS version, p.slug, p.name, c.version_id = s.version_id AS same
    FROM snapshots s JOIN versions v ON v.id = s.version_id JOIN profiles p ON p.id = s.profile_id
      JOIN snapshots c ON c.profile_id = s.profile_id JOIN versions cv ON cv.id = c.version_id
      LEFT JOIN inventories i ON i.snapshot_id = c.id
    WHERE s.id = ${id}::uuid AND ${comparable}
      AND ((c.version_id = s.version_id AND c.number < s.number) OR cv.number < v.number)
    ORDER BY c.version_id = s.version_id DESC, cv.number DESC, c.number DESC LIMIT 1`;
  return row ? { of: toOf(row), chosen: row.same ? "earlier_snapshot" : "earlier_version" } : null;
}

const comparable = Prisma.sql`(i.taken_at IS NOT NULL
  OR (c.status = 'ready' AND c.image_id IS NOT NULL AND coalesce(i.tries, 0) < ${MOST_TRIES}::int))`;

/** Why there is nothing to read, and what to do. */
export function refusal({ of, state, status, error }: Found): AppError {
  const name = `snapshot #${of.number}`;
  if (state === "pending")
    return new AppError(
      409,
      "inventory_pending",
      `What is in ${name} is still being listed. Ask again in a moment.`,
    );
  if (state === "given_up")
    return new AppError(
      409,
      "inventory_given_up",
      `What is in ${name} could not be listed: ${error ?? "its worker was lost each time."} Refresh the version for a new one.`,
    );
  if (status === "queued" || status === "running")
    return new AppError(409, "snapshot_not_ready", `${capital(name)} isn't ready yet. Ask again when it is.`);
  return new AppError(
    404,
    "no_inventory",
    status === "removed"
      ? `The image of ${name} was removed before its content was listed.`
      : `${capital(name)} has no image, so nothing is in it. Look at one that is ready.`,
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
