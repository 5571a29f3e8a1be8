/** A snapshot's live stream, as any client reads it. */
import { createParser } from "eventsource-parser";
import { z } from "zod";
import { type LogLine, logLineSchema, type SnapshotWire, snapshotSchema } from "@/lib/snapshots/wire";
import { url } from "./address";

const logFrame = z.object({ lines: z.array(logLineSchema) });

export type Followed = { type: "status"; snapshot: SnapshotWire } | { type: "log"; lines: LogLine[] };

/** From the beginning to the end of the log. Leaving the loop closes the stream. */
export async function* follow(token: string, snapshotId: string): AsyncGenerator<Followed, void, void> {
  const leave = new AbortController();
  const response = await fetch(`${url}/api/v1/snapshots/${snapshotId}/log`, {
    headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
    signal: leave.signal,
  });
  const frames: Followed[] = [];
  let ended = false;
  const parser = createParser({
    onEvent(event) {
      if (event.event === "status")
        frames.push({ type: "status", snapshot: snapshotSchema.parse(JSON.parse(event.data)) });
      if (event.event === "log")
        frames.push({ type: "log", lines: logFrame.parse(JSON.parse(event.data)).lines });
      if (event.event === "end") ended = true;
    },
  });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      yield* frames.splice(0);
      if (ended) return;
    }
    throw new Error(`The stream of snapshot ${snapshotId} ended before its log did.`);
  } finally {
    leave.abort();
  }
}
