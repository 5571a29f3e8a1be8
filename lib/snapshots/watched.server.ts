/** A running log that somebody looks at is stored in smaller steps: its readers tell its writer, wherever that is. */
import { db } from "@/lib/db/client.server";
import { hub } from "@/lib/events/hub.server";

/** How often a process tells it that has readers. */
export const TELL_MS = 5_000;

export async function tellWatched(snapshotId: string): Promise<void> {
  await db()
    .$executeRaw`SELECT pg_notify('kiln', json_build_object('kind', 'watched', 'id', ${snapshotId}::text)::text)`;
}

/** @returns the function that ends it. */
export function whenWatched(snapshotId: string, listener: () => void): () => void {
  return hub().subscribe((pointer) => {
    if (pointer?.kind === "watched" && pointer.id === snapshotId) listener();
  });
}
