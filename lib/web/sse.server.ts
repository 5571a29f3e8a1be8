/**
 * Event streams: an async generator of frames becomes a response. Frames are pulled, so a slow reader costs
 * nothing; a comment every 15 s keeps proxies awake; when the process is told to stop they end, and their readers
 * come back to another one.
 */
import { log } from "@/lib/log.server";
import type { Actor } from "@/lib/users/roles";
import { openStream } from "./streams.server";

export interface SseFrame {
  event: string;
  /** The cursor that a reader comes back with. */
  id?: number;
  data: unknown;
  /** The same as JSON, where several readers get it. */
  json?: string;
}

const HEARTBEAT_MS = 15_000;

/**
 * @param frames is called once, with the signal that ends the stream.
 * @throws AppError 429 when the user has too many streams open.
 */
export function eventStream(
  request: Request,
  actor: Actor,
  frames: (signal: AbortSignal) => AsyncGenerator<SseFrame, void, void>,
): Response {
  const open = openStream(request, actor);
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    open.close();
    // A source that waits at one of its frames sees no signal: what it holds is let go of here.
    source.return().catch((error: unknown) => log.debug({ err: error }, "a stream's source didn't end well"));
  };

  const encoder = new TextEncoder();
  const source = frames(open.signal);
  let next: ReturnType<typeof source.next> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(sink) {
      sink.enqueue(encoder.encode("retry: 1000\n\n"));
    },
    async pull(sink) {
      next ??= source.next();
      try {
        const result = await withHeartbeat(next, open.signal);
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
  return `${frame.id === undefined ? "" : `id: ${frame.id}\n`}event: ${frame.event}\ndata: ${frame.json ?? JSON.stringify(frame.data)}\n\n`;
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
