/** How much disk a session's container takes. */
import { db } from "@/lib/db/client.server";
import { specSchema } from "@/lib/profiles/spec";
import { askWorker } from "./question.server";
import { containerBytesSchema, type DiskUse } from "./wire";

const MIB = 1_048_576;
/** The engine looks at every file that the container has written. */
const PATIENCE_MS = 60_000;

/** @throws AppError 404; 409 `not_running`; 503 when no worker, or its engine, answers. */
export async function diskOfSession(sessionId: string, signal: AbortSignal): Promise<DiskUse> {
  const response = await askWorker(
    "disk",
    sessionId,
    AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
  );
  const { at, bytes } = containerBytesSchema.parse(await response.json());
  const { version } = await db().session.findUniqueOrThrow({
    where: { id: sessionId },
    select: { version: { select: { spec: true } } },
  });
  return { at, bytes, limitBytes: specSchema.parse(version.spec).resources.diskMb * MIB };
}
