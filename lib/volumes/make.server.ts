/** The rows of a persistent session's volumes: there before the volumes, which the engine makes with the container. */
import { randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { Tx } from "@/lib/db/client.server";

/** Never used twice: so a volume that no row names is nobody's. */
export const newVolumeName = (sessionId: string) =>
  `kiln-session-${sessionId}-${randomBytes(6).toString("hex")}`;

/** Within the transaction that makes, or moves, the session. */
export async function makeVolumes(tx: Tx, sessionId: string, paths: readonly string[]): Promise<void> {
  await tx.sessionVolume.createMany({
    data: paths.map((path) => ({ id: uuidv7(), sessionId, path, volume: newVolumeName(sessionId) })),
  });
}
