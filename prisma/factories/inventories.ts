/** Inventories without an engine: a worker's writes, made by hand. */
import type { Content } from "@/lib/inventories/content";
import { claimInventory, storeInventory } from "@/lib/inventories/take.server";
import type { TestWorker } from "./workers";

/** A small content from the parts that a test is about. */
export function makeContent(parts: Partial<Content> = {}): Content {
  return {
    packages: [{ manager: "apt", name: "curl", version: "7.88.1" }],
    programs: ["/usr/bin/curl", "/usr/bin/sh"],
    newPrograms: ["/usr/bin/curl"],
    folders: [{ path: "/usr", files: 2, bytes: 2_000 }],
    files: 2,
    bytes: 2_000,
    unreadable: [],
    truncated: false,
    ...parts,
  };
}

/** Takes the newest inventory that is missing on the worker's host. @returns whose it is. @throws Error when none is missing. */
export async function fillInventory(worker: TestWorker, parts: Partial<Content> = {}): Promise<string> {
  const take = await claimInventory(worker);
  if (!take) throw new Error("No inventory is missing.");
  if (!(await storeInventory(take.snapshotId, worker.id, makeContent(parts))))
    throw new Error(`The inventory of ${take.snapshotId} was taken by somebody else.`);
  return take.snapshotId;
}
