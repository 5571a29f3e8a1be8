/**
 * Event streams: an async generator of frames becomes a response. Frames are pulled, so a slow reader costs
 * nothing; a comment every 15 s keeps proxies awake; who reads is asked again every minute; all streams end
 * when the process is told to stop, and their readers come back to another one.
 */
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log.server";
import type { Actor } from "@/lib/users/roles";
import { actorOf } from "./session.server";

export interface SseFrame {
  event: string;
  /** The cursor that a reader comes back with. */
  id?: number;
  data: unknown;
}

const HEARTBEAT_MS = 15_000;
const REAUTHORISE_MS = 60_000;
const MAX_STREAMS_A_USER = 40;

interface OpenStreams {
  all: Set<AbortController>;
  byUser: Map<string, number>;
}
// Next bundles this module into several chunks of one process: they share one register.
const kept = globalThis as typeof globalThis & { kilnStreams?: OpenStreams };
const streams = (): OpenStreams => (kept.kilnStreams ??= { all: new Set(), byUser: new Map() });

/** Open streams would hold the server's shutdown up; their readers come back to the next process. */
export function drainStreamsOnShutdown(): void {
  const drain = () => {
    for (const controller of streams().all) controller.abort();
  };
  process.once("SIGTERM", drain);
  process.once("SIGINT", drain);
}

/**
 * @param frames is called once, with the signal that ends the stream.
 * @throws AppError 429 when the user has too many streams open.
 */
export function eventStream(
  request: Request,
  actor: Actor,
  frames: (signal: AbortSignal) => AsyncGenerator<SseFrame, void, void>,
): Response {
  const user = actor.id ?? actor.name;
  const open = streams();
  const count = open.byUser.get(user) ?? 0;
  if (count >= MAX_STREAMS_A_USER)
    throw new AppError(429, "too_many_streams", `You have ${count} event streams open. Close some.`);
  open.byUser.set(user, count + 1);
  const controller = new AbortController();
  open.all.add(controller);
  const abort = () => controller.abort();
  request.signal.addEventListener("abort", abort, { once: true });
  if (request.signal.aborted) abort();
  const reauthorise = setInterval(() => {
    actorOf(request).then(
      (still) => still?.id === actor.id || abort(),
      (error: unknown) => log.warn({ err: error }, "a stream's reader could not be checked again"),
    );
  }, REAUTHORISE_MS);

  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    clearInterval(reauthorise);
    request.signal.removeEventListener("abort", abort);
    open.all.delete(controller);
    const left = (open.byUser.get(user) ?? 1) - 1;
    if (left > 0) open.byUser.set(user, left);
    else open.byUser.delete(user);
    controller.abort();
    // A source that waits at one of its frames sees no signal: what it holds is let go of here.
    source.return().catch((error: unknown) => log.debug({ err: error }, "a stream's source didn't end well"));
  };

  const encoder = new TextEncoder();
  const source = frames(controller.signal);
  let next: ReturnType<typeof source.next> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(sink) {
      sink.enqueue(encoder.encode("retry: 1000\n\n"));
    },
    async pull(sink) {
      next ??= source.next();
      try {
        const result = await withHeartbeat(next, controller.signal);
        // The reader left meanwhile: there is nobody to write to.
        if (closed) return;
        if (result === "heartbeat") return sink.enqueue(encoder.encode(": still here\n\n"));
        next = undefined;
        if (result === "aborted" || result.done) {
          close();
          return sink.close();
        }
        sink.enqueue(encoder.encode(encodeFrame(result.value)));
      } catch (error) {
        log.warn({ err: error }, "an event stream broke; its reader comes back");
        close();
        sink.error(error);
      }
    },
    cancel: close,
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

/** JSON has no raw line ends, so a frame's data is one line. */
export function encodeFrame(frame: SseFrame): string {
  return `${frame.id === undefined ? "" : `id: ${frame.id}\n`}event: ${frame.event}\ndata: ${JSON.stringify(frame.data)}\n\n`;
}

async function withHeartbeat<T>(next: Promise<T>, signal: AbortSignal): Promise<T | "heartbeat" | "aborted"> {
  if (signal.aborted) return "aborted";
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<"heartbeat" | "aborted">();
  const onAbort = () => interrupt("aborted");
  const timer = setTimeout(() => interrupt("heartbeat"), HEARTBEAT_MS);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([next, interrupted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
