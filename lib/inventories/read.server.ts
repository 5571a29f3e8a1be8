/** Answers what is in a snapshot and what differs between two. Waits a little for what is being taken just now. */

import { AppError } from "@/lib/errors";
import { Wake } from "@/lib/events/hub.server";
import { compareContents } from "./compare";
import type { Content } from "./content";
import {
  type Found,
  findInventory,
  findPrevious,
  readContent,
  refusal,
  toInventoryWire,
} from "./store.server";
import type { ComparisonWire, InventoryWire } from "./wire";

const PROBE_MS = 1_000;

/** @throws AppError 404 or 409, which says why there is none. */
export async function readInventory(
  id: string,
  waitMs: number,
  signal?: AbortSignal,
): Promise<InventoryWire> {
  const { found, content } = await taken(id, Date.now() + waitMs, signal);
  return toInventoryWire(found, content);
}

/**
 * What the snapshot has that the other one hasn't, and the other way round.
 * @param other the id of another snapshot, also of another profile; without it the one before is taken.
 * @throws AppError 404 or 409, which says what is missing.
 */
export async function compareSnapshots(
  id: string,
  other: string | undefined,
  waitMs: number,
  signal?: AbortSignal,
): Promise<ComparisonWire> {
  const until = Date.now() + waitMs;
  const to = await taken(id, until, signal);
  const previous = other === undefined ? await findPrevious(id) : null;
  const otherId = other ?? previous?.of.id;
  if (otherId === undefined)
    throw new AppError(
      404,
      "nothing_to_compare",
      `There is no snapshot before #${to.found.of.number} to compare it with. Choose another one.`,
    );
  const from = await taken(otherId, until, signal);
  return {
    snapshot: to.found.of,
    with: { ...from.found.of, chosen: previous?.chosen ?? "asked" },
    ...compareContents(from.content, to.content),
  };
}

async function taken(
  id: string,
  until: number,
  signal?: AbortSignal,
): Promise<{ found: Found; content: Content }> {
  let found = await findInventory(id);
  if (found.state === "pending" && Date.now() < until) {
    const wake = new Wake((pointer) => pointer.kind === "inventory" && pointer.id === found.of.id);
    try {
      for (;;) {
        found = await findInventory(id);
        if (found.state !== "pending" || Date.now() >= until || signal?.aborted) break;
        await wake.next(Math.min(PROBE_MS, until - Date.now()), signal);
      }
    } finally {
      wake.close();
    }
  }
  if (found.state !== "taken") throw refusal(found);
  return { found, content: await readContent(found) };
}
