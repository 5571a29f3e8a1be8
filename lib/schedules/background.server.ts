/** The pause of all refreshes that nobody asked for: who, when and why. */

import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record.server";
import { db, type Tx } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { installationId } from "@/lib/installation.server";
import type { Actor } from "@/lib/users/roles";
import type { BackgroundWire, backgroundInputSchema } from "./wire";

export async function getBackground(tx: Tx = db()): Promise<BackgroundWire> {
  const row = await tx.installation.findUnique({ where: { singleton: true } });
  return {
    paused: row?.backgroundPausedAt != null,
    reason: row?.backgroundPausedReason ?? "",
    by: row?.backgroundPausedBy ?? null,
    since: row?.backgroundPausedAt?.toISOString() ?? null,
  };
}

/** Asking for what holds already changes nothing, not even the reason. */
export async function setBackground(
  actor: Actor,
  { paused, reason }: z.output<typeof backgroundInputSchema>,
): Promise<BackgroundWire> {
  const id = await installationId();
  return db().$transaction(async (tx) => {
    const { count } = await tx.installation.updateMany({
      where: { singleton: true, backgroundPausedAt: paused ? null : { not: null } },
      data: paused
        ? {
            backgroundPausedAt: databaseTime(),
            backgroundPausedBy: actor.name,
            backgroundPausedReason: reason,
          }
        : { backgroundPausedAt: null, backgroundPausedBy: null, backgroundPausedReason: null },
    });
    if (count === 1)
      await recordAudit(
        tx,
        actor,
        paused ? "background.pause" : "background.resume",
        {
          kind: "installation",
          id,
        },
        { reason },
      );
    return getBackground(tx);
  });
}
