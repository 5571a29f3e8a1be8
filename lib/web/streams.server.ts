/**
 * The answers of this process that go on for long. Each user has so many at most; whoever reads one is asked again
 * every few seconds, once for all streams that were opened with the same token or sign-in; and all of them end when the
 * process is told to stop.
 */
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log.server";
import type { Actor } from "@/lib/users/roles";
import { credentialOf } from "./session.server";

const REAUTHORISE_MS = 5_000;
const MAX_STREAMS_A_USER = 40;

interface Readers {
  streams: Set<AbortController>;
  timer: NodeJS.Timeout;
}
interface OpenStreams {
  all: Set<AbortController>;
  byUser: Map<string, number>;
  byCredential: Map<string, Readers>;
}
// Next bundles this module into several chunks of one process: they share one register.
const kept = globalThis as typeof globalThis & { kilnStreams?: OpenStreams };
const register = (): OpenStreams =>
  (kept.kilnStreams ??= { all: new Set(), byUser: new Map(), byCredential: new Map() });

/** Open streams would hold the server's shutdown up; their readers come back to the next process. */
export function drainStreamsOnShutdown(): void {
  const drain = () => {
    for (const controller of register().all) controller.abort();
  };
  process.once("SIGTERM", drain);
  process.once("SIGINT", drain);
}

export interface OpenStream {
  /** Aborts when the reader has left, may not read any more, or the process stops. */
  signal: AbortSignal;
  /** Safe to repeat. */
  close: () => void;
}

/** @throws AppError 429 when the user has too many streams open. */
export function openStream(request: Request, actor: Actor): OpenStream {
  const user = actor.id ?? actor.name;
  const { all, byUser } = register();
  const count = byUser.get(user) ?? 0;
  if (count >= MAX_STREAMS_A_USER)
    throw new AppError(
      429,
      "too_many_streams",
      `You have ${count} streams open, which is as many as one user may have. Close some, then try again.`,
    );
  byUser.set(user, count + 1);
  const controller = new AbortController();
  all.add(controller);
  const abort = () => controller.abort();
  request.signal.addEventListener("abort", abort, { once: true });
  if (request.signal.aborted) abort();
  const forget = askAgain(request, actor, controller);
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    forget();
    request.signal.removeEventListener("abort", abort);
    all.delete(controller);
    const left = (byUser.get(user) ?? 1) - 1;
    if (left > 0) byUser.set(user, left);
    else byUser.delete(user);
    controller.abort();
  };
  return { signal: controller.signal, close };
}

/** @returns what ends it. */
function askAgain(request: Request, actor: Actor, controller: AbortController): () => void {
  const { byCredential } = register();
  const { key, read } = credentialOf(request);
  const readers = byCredential.get(key) ?? begin();
  readers.streams.add(controller);
  return () => {
    readers.streams.delete(controller);
    if (readers.streams.size > 0) return;
    clearInterval(readers.timer);
    byCredential.delete(key);
  };

  function begin(): Readers {
    const streams = new Set<AbortController>();
    const check = () => {
      read().then(
        (still) => {
          if (still?.id !== actor.id) for (const one of streams) one.abort();
        },
        (error: unknown) => log.warn({ err: error }, "the readers of streams could not be checked again"),
      );
    };
    const begun = { streams, timer: setInterval(check, REAUTHORISE_MS) };
    byCredential.set(key, begun);
    return begun;
  }
}
