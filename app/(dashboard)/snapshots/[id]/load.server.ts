import { notFound } from "next/navigation";
import { cache } from "react";
import { AppError } from "@/lib/errors";
import { getSnapshot } from "@/lib/snapshots/store.server";
import type { SnapshotWire } from "@/lib/snapshots/wire";

/** The snapshot of the page, read once a request; or the page that says that there is none. */
export const loadSnapshot = cache(async (id: string): Promise<SnapshotWire> => {
  try {
    return await getSnapshot(id);
  } catch (error) {
    if (error instanceof AppError && error.status === 404) notFound();
    throw error;
  }
});
