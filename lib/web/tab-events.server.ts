/** What one tab's stream carries: pointers to what changed and, on a snapshot's page, that snapshot's log. */

import { Wake } from "@/lib/events/hub.server";
import type { Change } from "@/lib/events/wire";
import { heardLater } from "@/lib/heard-later";
import { clipped } from "@/lib/logs/clip";
import { followLog } from "@/lib/snapshots/follow-log.server";
import type { LogFrame } from "@/lib/snapshots/stored-log.server";
import type { SseFrame } from "./sse.server";

const SAFETY_MS = 15_000;

/** A log frame as event streams carry it: `id` is the cursor to come back with. */
export async function* logEvents(
  snapshotId: string,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<SseFrame, void, void> {
  for await (const frame of followLog(snapshotId, afterSeq, signal)) {
    if (frame.type === "status") yield { event: "status", data: frame.snapshot };
    else if (frame.type === "cut") yield { event: "cut", data: frame.cut };
    else if (frame.type === "end") yield { event: "end", data: {} };
    else if (frame.type === "tail") yield { event: "tail", data: frame.tail };
    else yield logEvent(frame.frame);
  }
}

/** Followers share frames, so they share the text that is sent of each. */
const events = new WeakMap<LogFrame, SseFrame>();

function logEvent(frame: LogFrame): SseFrame {
  const known = events.get(frame);
  if (known) return known;
  const { seq, attempt, firstLine, lines } = frame;
  const data = { attempt, firstLine, lines: lines.map(clipped) };
  const event = { event: "log", id: seq, data, json: JSON.stringify(data) };
  events.set(frame, event);
  return event;
}

/**
 * Ends only with its signal: when the log is complete, changes still come.
 * @param userId whose tab it is: nobody else's inbox concerns it.
 */
export async function* tabEvents(
  followed: { id: string; afterSeq: number } | null,
  signal: AbortSignal,
  userId: string | null = null,
): AsyncGenerator<SseFrame, void, void> {
  // Keyed, so that a hundred moves of one row while a reader is slow are one frame.
  const changes = new Map<string, Change>();
  const wake = new Wake(
    (pointer) =>
      pointer.kind !== "log" &&
      pointer.kind !== "watched" &&
      pointer.kind !== "wanted" &&
      pointer.kind !== "command" &&
      pointer.kind !== "terminal" &&
      (pointer.kind !== "inbox" || pointer.id === userId),
    (pointer) => {
      if (pointer && pointer.kind !== "log" && pointer.kind !== "watched" && pointer.kind !== "wanted")
        changes.set(`${pointer.kind}:${pointer.id}`, { kind: pointer.kind, id: pointer.id });
    },
  );
  const logFrames = followed ? logEvents(followed.id, followed.afterSeq, signal) : null;
  const readLog = () => {
    // It is awaited below; when it fails while the reader is slow, nobody waits for it yet.
    return logFrames ? heardLater(logFrames.next()) : undefined;
  };
  let nextLog = readLog();
  // One wait at a time: it is renewed only after it has been answered.
  let woken: Promise<"woken"> | undefined;
  try {
    while (!signal.aborted) {
      for (const [key, change] of changes) {
        changes.delete(key);
        yield { event: "change", data: change };
      }
      woken ??= wake.next(SAFETY_MS, signal).then(() => "woken" as const);
      const result = await (nextLog ? Promise.race([nextLog, woken]) : woken);
      if (result === "woken") {
        woken = undefined;
        continue;
      }
      if (result.done) nextLog = undefined;
      else {
        nextLog = readLog();
        yield result.value;
      }
    }
  } finally {
    wake.close();
    await logFrames?.return();
  }
}
