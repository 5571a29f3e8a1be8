/**
 * Nothing waits for the engine without a limit. dockerode's own promises can't be relied on for that: one
 * whose connection is cut between the answer's head and its end (a `wait`, most of all) never settles. So
 * every call races a timer, and loses its socket when it lost the race.
 */

import { Readable } from "node:stream";
import { heardLater } from "@/lib/heard-later";
import { EngineError } from "../types";
import { toEngineError } from "./errors";

export interface Deadlines {
  /** Calls that only read or change the engine's memory, in milliseconds. */
  quick: number;
  /** Calls that touch the disk: create, start, remove, write files. */
  slow: number;
  /** A commit: it takes about 90 µs a file and 5 ms a MB. */
  capture: number;
  /** Between two signs of life of a pull. */
  pullIdle: number;
  /** A whole pull, however well it comes on. */
  pull: number;
  /** An answer of a registry, which the engine waits for. */
  registry: number;
  /** Between two inspections while waiting. */
  poll: number;
}

export const defaultDeadlines: Deadlines = {
  quick: 15_000,
  slow: 120_000,
  capture: 30 * 60_000,
  pullIdle: 120_000,
  pull: 60 * 60_000,
  registry: 30_000,
  poll: 1000,
};

/**
 * Runs one call. The call's signal fires when the time is up, when `outer` aborts and when the call is over,
 * so that a request which was answered early (an upload to a container that is gone) leaves no socket behind.
 * @throws EngineError `unavailable` when the time is up; the outer signal's own reason when that aborted.
 */
export async function withDeadline<T>(
  what: string,
  milliseconds: number,
  call: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const guard = guarded(what, milliseconds, outer);
  try {
    return await Promise.race([call(guard.signal), guard.cut]);
  } catch (error) {
    throw outer?.aborted ? outer.reason : toEngineError(error);
  } finally {
    guard.disarm();
    guard.abort();
  }
}

/** There was no answer at all in the given time, as opposed to a connection that was refused or cut. */
export class DeadlineError extends EngineError {
  constructor(what: string, milliseconds: number) {
    super(
      "unavailable",
      `The container engine didn't answer within ${Math.round(milliseconds / 100) / 10} s (${what}).`,
    );
  }
}

export interface OpenStream {
  stream: Readable;
  /** Destroys the socket. Safe to call twice. */
  close(): void;
}

/**
 * Opens a streaming answer: the deadline counts until the answer begins, `outer` for as long as it is open. A
 * stream that `outer` ended looks as if it were complete, as does one that the engine's death ended.
 */
export async function openStream(
  what: string,
  milliseconds: number,
  open: (signal: AbortSignal) => Promise<NodeJS.ReadableStream>,
  outer?: AbortSignal,
): Promise<OpenStream> {
  const guard = guarded(what, milliseconds, outer);
  try {
    const stream = await Promise.race([open(guard.signal), guard.cut]);
    if (!(stream instanceof Readable))
      throw new EngineError("failed", `The engine's answer to “${what}” is no stream.`);
    guard.disarmTimer();
    // An upgraded connection is no longer the request's: aborting that doesn't end it.
    const end = () => stream.destroy();
    outer?.addEventListener("abort", end, { once: true });
    const close = () => {
      outer?.removeEventListener("abort", end);
      guard.disarm();
      stream.destroy();
      guard.abort();
    };
    return { stream, close };
  } catch (error) {
    guard.disarm();
    guard.abort();
    throw outer?.aborted ? outer.reason : toEngineError(error);
  }
}

function guarded(what: string, milliseconds: number, outer?: AbortSignal) {
  outer?.throwIfAborted();
  const controller = new AbortController();
  let reject: (reason: unknown) => void = () => undefined;
  const cut = new Promise<never>((_, fail) => {
    reject = fail;
  });
  // Whoever raced it has gone when a stream is aborted later; that rejection must not count as unhandled.
  void heardLater(cut);
  const timer = setTimeout(() => {
    reject(new DeadlineError(what, milliseconds));
    controller.abort();
  }, milliseconds);
  const onAbort = () => {
    reject(outer?.reason);
    controller.abort();
  };
  outer?.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    cut,
    abort: () => controller.abort(),
    disarmTimer: () => clearTimeout(timer),
    disarm: () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", onAbort);
    },
  };
}
