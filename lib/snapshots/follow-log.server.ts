/**
 * Follows a log: subscribe, read the status, read the rows after the cursor, wait, again. Reading the status
 * *before* the rows makes the tail complete: nothing can be appended after the end, so rows that are read
 * after the end was seen are all there are.
 */
import { Wake } from "@/lib/events/hub.server";
import { gapBefore } from "./read-log.server";
import { joinLog, type LogStatus } from "./shared-log.server";
import { isTerminal } from "./state";
import type { LogFrame } from "./stored-log.server";
import type { LogCut, LogTail, SnapshotWire } from "./wire";

export type FollowedFrame =
  | { type: "status"; snapshot: SnapshotWire }
  | { type: "log"; frame: LogFrame }
  /** The lines before the next frame aren't kept. */
  | { type: "cut"; cut: LogCut }
  /** How a line that isn't complete looks now; without a text when there is none any more. */
  | { type: "tail"; tail: LogTail }
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
  const shared = joinLog(snapshotId);
  let cursor = afterSeq;
  let told = "";
  let tail: LogTail[] = [];
  try {
    while (!signal.aborted) {
      const status = await shared.status();
      const { snapshot } = status;
      // The log's counters move with each chunk; the chunks tell that by themselves.
      const facts = JSON.stringify({ ...snapshot, log: null });
      if (facts !== told && !isTerminal(snapshot.status)) {
        told = facts;
        yield { type: "status", snapshot };
      }
      while (cursor < status.lastSeq && !signal.aborted) {
        const frames = await shared.frames(cursor);
        for (const frame of frames) {
          const cut = frame.seq > cursor + 1 ? await gapBefore(snapshotId, frame.firstLine) : null;
          if (cut) yield { type: "cut", cut };
          yield { type: "log", frame };
          cursor = frame.seq;
        }
        // Deleted for its age.
        if (frames.length === 0) break;
      }
      // A reader that has left may not have been given everything.
      if (signal.aborted) return;
      for (const changed of changedTails(tail, status)) yield { type: "tail", tail: changed };
      tail = status.tail;
      if (isTerminal(snapshot.status)) {
        yield { type: "status", snapshot };
        yield { type: "end" };
        return;
      }
      await wake.next(SAFETY_POLL_MS, signal);
    }
  } finally {
    wake.close();
    shared.leave();
  }
}

function changedTails(before: readonly LogTail[], { tail }: LogStatus): LogTail[] {
  const of = (tails: readonly LogTail[], stream: LogTail["stream"]) =>
    tails.find((one) => one.stream === stream);
  const gone = before.filter(({ stream }) => !of(tail, stream)).map((one): LogTail => ({ ...one, text: "" }));
  return [...gone, ...tail.filter((one) => of(before, one.stream)?.text !== one.text)];
}
