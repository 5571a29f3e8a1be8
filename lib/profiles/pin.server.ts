/** Pins a version to the snapshot that serves: its refreshes are built, and wait for an operator. */
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import type { Actor } from "@/lib/users/roles";
import { getVersion } from "./store.server";
import type { VersionWire } from "./wire";

/** Asking for what holds already changes nothing. @throws AppError 404; 409 `nothing_to_pin` when nothing serves. */
export async function pinVersion(
  actor: Actor,
  profile: string,
  number: number,
  pinned: boolean,
): Promise<VersionWire> {
  const { id } = await getVersion(profile, number);
  return db().$transaction(async (tx) => {
    const { count } = await tx.version.updateMany({
      where: { id, pinned: !pinned, ...(pinned ? { servingSnapshotId: { not: null } } : {}) },
      data: { pinned },
    });
    const now = await getVersion(profile, number, tx);
    if (now.pinned !== pinned)
      throw new AppError(
        409,
        "nothing_to_pin",
        `Version ${number} has no snapshot that serves. Refresh it, then pin it.`,
      );
    if (count === 1)
      await recordAudit(
        tx,
        actor,
        pinned ? "version.pin" : "version.unpin",
        { kind: "version", id },
        { number, snapshot: now.servingSnapshot?.number ?? null },
      );
    return now;
  });
}
