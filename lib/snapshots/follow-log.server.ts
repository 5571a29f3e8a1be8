/**
 * Follows a log: subscribe, read the status, read the rows after the cursor, wait, again. Reading the status
 * *before* the rows makes the tail complete: nothing can be appended after the end, so rows that are read
 * after the end was seen are all there are.
 */
import { Wake } from "@/lib/events/hub.server";
import { gapBefore } from "./read-log.server";
import { isTerminal } from "./state";
import { getSnapshot } from "./store.server";
import { type LogFrame, readFrames } from "./stored-log.server";
import type { LogCut, SnapshotWire } from "./wire";

export type FollowedFrame =
  | { type: "status"; snapshot: SnapshotWire }
  | { type: "log"; frame: LogFrame }
  /** The lines before the next frame aren't kept. */
  | { type: "cut"; cut: LogCut }
  /** The log is complete. */
  | { type: "end" };

const SAFETY_POLL_MS = 2_000;

/**
 * @param afterSeq the cursor: the seq of the last chunk that the reader has, 0 for none.
 * @throws AppError 404 when there is no such snapshot.
 */
export async function* followLog(
  snapshotId: string,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<FollowedFrame, void, void> {
  const wake = new Wake(
    (pointer) => pointer.id === snapshotId && (pointer.kind === "log" || pointer.kind === "snapshot"),
  );
  let cursor = afterSeq;
  let told = "";
  try {
    while (!signal.aborted) {
      const snapshot = await getSnapshot(snapshotId);
      // The log's counters move with each chunk; the chunks tell that by themselves.
      const facts = JSON.stringify({ ...snapshot, log: null });
      if (facts !== told && !isTerminal(snapshot.status)) {
        told = facts;
        yield { type: "status", snapshot };
      }
      for (;;) {
        const frames = await readFrames(snapshotId, cursor);
        for (const frame of frames) {
          const cut = frame.seq > cursor + 1 ? await gapBefore(snapshotId, frame.firstLine) : null;
          if (cut) yield { type: "cut", cut };
          yield { type: "log", frame };
          cursor = frame.seq;
        }
        if (frames.length === 0 || signal.aborted) break;
      }
      // A reader that has left may not have been given everything.
      if (signal.aborted) return;
      if (isTerminal(snapshot.status)) {
        yield { type: "status", snapshot };
        yield { type: "end" };
        return;
      }
      await wake.next(SAFETY_POLL_MS, signal);
    }
  } finally {
    wake.close();
  }
}
