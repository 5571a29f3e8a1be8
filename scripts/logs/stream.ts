/** A snapshot's log as its event stream brings it, to its end: cut off anywhere, it goes on after the last chunk that came. */
import { setTimeout as delay } from "node:timers/promises";
import { createParser } from "eventsource-parser";
import {
  type LogCut,
  type LogLine,
  type LogTail,
  logCutFrameSchema,
  logFrameSchema,
  logTailSchema,
  type SnapshotWire,
  snapshotSchema,
} from "@/lib/snapshots/wire";

export interface Source {
  /** Of the Kiln. */
  url: string;
  token: string;
}

export type Piece =
  | { type: "lines"; lines: LogLine[] }
  | { type: "cut"; cut: LogCut }
  | { type: "tail"; tail: LogTail }
  | { type: "status"; snapshot: SnapshotWire }
  /** The connection was lost; it is tried again. */
  | { type: "again"; why: string };

/** Kiln's own answer that it won't do it; trying again is no use. */
export class Refused extends Error {}

const limits = {
  /** A stream says something every 15 s. */
  silentMs: 45_000,
  firstWaitMs: 250,
  mostWaitMs: 5_000,
  /** In a row, without anything new. */
  tries: 40,
};

export async function* streamLog(
  source: Source,
  snapshotId: string,
  { silentMs, firstWaitMs, mostWaitMs, tries }: typeof limits = limits,
): AsyncGenerator<Piece, void, void> {
  let cursor = 0;
  for (let failures = 0; ; ) {
    let why = "the stream ended before the log did";
    try {
      for await (const { piece, seq } of connect(source, snapshotId, cursor, silentMs)) {
        if (piece === "end") return;
        failures = 0;
        cursor = seq ?? cursor;
        yield piece;
      }
    } catch (error) {
      if (error instanceof Refused) throw error;
      why = error instanceof Error ? error.message : String(error);
    }
    failures += 1;
    if (failures > tries) throw new Error(`Kiln can't be reached at ${source.url}: ${why}.`);
    yield { type: "again", why };
    await delay(Math.min(firstWaitMs * 2 ** failures, mostWaitMs));
  }
}

interface Received {
  piece: Piece | "end";
  seq?: number;
}

/** One connection. */
async function* connect(
  source: Source,
  snapshotId: string,
  cursor: number,
  silentMs: number,
): AsyncGenerator<Received, void, void> {
  const leave = new AbortController();
  let alarm = setTimeout(() => leave.abort(new Error("it fell silent")), silentMs);
  try {
    const response = await ask(source, `/snapshots/${snapshotId}/log`, {
      accept: "text/event-stream",
      signal: leave.signal,
      ...(cursor > 0 ? { lastEventId: String(cursor) } : {}),
    });
    if (response.status === 204) {
      yield { piece: "end" };
      return;
    }
    const received: Received[] = [];
    const parser = createParser({
      onEvent: ({ event, data, id }) => {
        const piece = read(event, data);
        if (piece) received.push({ piece, ...(id === undefined ? {} : { seq: Number(id) }) });
      },
    });
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) {
      clearTimeout(alarm);
      alarm = setTimeout(() => leave.abort(new Error("it fell silent")), silentMs);
      parser.feed(decoder.decode(bytes, { stream: true }));
      yield* received.splice(0);
    }
  } finally {
    clearTimeout(alarm);
    leave.abort();
  }
}

function read(event: string | undefined, data: string): Received["piece"] | null {
  if (event === "log") return { type: "lines", lines: logFrameSchema.parse(JSON.parse(data)).lines };
  if (event === "cut") return { type: "cut", cut: logCutFrameSchema.parse(JSON.parse(data)) };
  if (event === "tail") return { type: "tail", tail: logTailSchema.parse(JSON.parse(data)) };
  if (event === "status") return { type: "status", snapshot: snapshotSchema.parse(JSON.parse(data)) };
  return event === "end" ? "end" : null;
}

/** @throws Refused with Kiln's own sentence; Error when it may work later. */
export async function ask(
  { url, token }: Source,
  path: string,
  { accept, lastEventId, signal }: { accept: string; lastEventId?: string; signal?: AbortSignal },
): Promise<Response> {
  const response = await fetch(`${url}/api/v1${path}`, {
    headers: {
      authorization: `Bearer ${token}`,
      accept,
      ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
    },
    ...(signal ? { signal } : {}),
  });
  if (response.ok) return response;
  const text = await response.text();
  const isOurs = response.headers.get("content-type") === "application/problem+json";
  const detail = isOurs ? String(JSON.parse(text).detail) : `It answered ${response.status}.`;
  if ([400, 401, 403, 404, 410, 422].includes(response.status)) throw new Refused(detail);
  throw new Error(detail);
}
