/** Renames, describes, archives and brings back a profile. Its slug stays: links and image names hold it. */

import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { AppError } from "@/lib/errors";
import { activeStatuses as activeSessionStatuses } from "@/lib/sessions/state";
import { activeStatuses as activeSnapshotStatuses } from "@/lib/snapshots/state";
import type { Actor } from "@/lib/users/roles";
import { getProfile } from "./store.server";
import type { ProfileWire, updateProfileSchema } from "./wire";

/** @throws AppError 404; 409 `sessions_running` or `snapshot_running` when it can't be archived now. */
export async function updateProfile(
  actor: Actor,
  idOrSlug: string,
  input: z.output<typeof updateProfileSchema>,
): Promise<ProfileWire> {
  const { archived, ...fields } = input;
  return db().$transaction(async (tx) => {
    const { id } = await getProfile(idOrSlug, tx);
    // Whoever makes a snapshot or a session locks this row, too: so the guard of the next statement sees all of them.
    await tx.$queryRaw`SELECT id FROM profiles WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    const { count } = await tx.profile.updateMany({
      where: {
        id,
        ...(archived
          ? {
              sessions: { none: { status: { in: activeSessionStatuses } } },
              snapshots: { none: { status: { in: activeSnapshotStatuses } } },
            }
          : {}),
      },
      data: {
        // What is left out isn't touched.
        ...fields,
        ...(archived === undefined ? {} : { archivedAt: archived ? databaseTime() : null }),
        updatedBy: actor.name,
        updatedAt: databaseTime(),
      },
    });
    if (count === 0) {
      const sessions = await tx.session.count({
        where: { profileId: id, status: { in: activeSessionStatuses } },
      });
      throw sessions > 0
        ? new AppError(
            409,
            "sessions_running",
            `${sessions} of its sessions are still running. Stop them, then archive the profile.`,
          )
        : new AppError(
            409,
            "snapshot_running",
            "One of its snapshots is still being prepared. Cancel it or wait, then archive the profile.",
          );
    }
    const action =
      archived === undefined ? "profile.update" : archived ? "profile.archive" : "profile.restore";
    await recordAudit(tx, actor, action, { kind: "profile", id });
    return getProfile(id, tx);
  });
}
