/** Getting an image: what the engine has, else what a registry has. */
import type { Readable } from "node:stream";
import { z } from "zod";
import { EngineError, type ImageFacts } from "../types";
import { understood } from "./answers";
import type { Client } from "./client";
import { DeadlineError, openStream } from "./deadline";
import { isEngineError, statusOf, toEngineError } from "./errors";
import { inspectImage } from "./images";
import { completeLines } from "./lines";

/** How a pull ended, by its own account. */
type Outcome =
  | { as: "complete" }
  /** The engine's sentence: no such name, no access, no such registry. */
  | { as: "refused"; sentence: string }
  /** No answer and no progress for the idle time. */
  | { as: "silent" }
  /** It came on all the time, and wasn't there in time. */
  | { as: "late" }
  | { as: "cut" };

const progress = z.object({
  id: z.string().optional(),
  status: z.string().optional(),
  errorDetail: z.object({ message: z.string() }).optional(),
  error: z.string().optional(),
});

/**
 * The image by this name, pulled only when it isn't here. What the download says about itself isn't believed
 * (a connection that was cut looks like success): the image must be there afterwards. @param fresh pulls it in any case.
 * @throws EngineError `not_found`, or the signal's reason.
 */
export async function resolveImage(
  client: Client,
  reference: string,
  onProgress: (line: string) => void,
  signal: AbortSignal,
  fresh = false,
): Promise<ImageFacts> {
  const here = fresh ? null : await findImage(client, reference, signal);
  if (here) return here;
  if (/^sha256:[0-9a-f]{64}$/.test(reference))
    throw new EngineError("not_found", `${reference} is not on this engine.`);
  const outcome = await pull(client, reference, onProgress, signal);
  const pulled = await findImage(client, reference, signal);
  if (pulled && (!fresh || outcome.as === "complete")) return pulled;
  // The engine answers, or the line above would have thrown.
  const missing = pulled
    ? `${reference} could not be pulled anew:`
    : `${reference} is not on this engine and could not be pulled:`;
  if (outcome.as === "refused") throw new EngineError("not_found", `${missing} ${outcome.sentence}`);
  if (outcome.as === "silent")
    throw new EngineError(
      "not_found",
      `${missing} nothing was heard of it for ${client.deadlines.pullIdle / 1000} s.`,
    );
  if (outcome.as === "late")
    throw new EngineError("not_found", `${missing} it took longer than ${client.deadlines.pull / 1000} s.`);
  throw new EngineError("unavailable", `The connection to the engine was cut while it pulled ${reference}.`);
}

async function findImage(client: Client, reference: string, signal: AbortSignal): Promise<ImageFacts | null> {
  try {
    return await inspectImage(client, reference, signal);
  } catch (error) {
    if (isEngineError(error, "not_found")) return null;
    throw error;
  }
}

async function pull(
  client: Client,
  reference: string,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  const { pullIdle: idle, pull: whole } = client.deadlines;
  let timedOut: "silent" | "late" | null = null;
  try {
    const opened = await openStream(
      "pull",
      idle,
      (abortSignal) => client.docker.pull(reference, { abortSignal }),
      signal,
    );
    const end = (as: "silent" | "late") => {
      timedOut = as;
      opened.close();
    };
    const timer = setTimeout(end, idle, "silent");
    const total = setTimeout(end, whole, "late");
    try {
      const outcome = await follow(opened.stream, onProgress, () => timer.refresh());
      return timedOut ? { as: timedOut } : outcome;
    } finally {
      clearTimeout(timer);
      clearTimeout(total);
      opened.close();
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (timedOut) return { as: timedOut };
    if (error instanceof DeadlineError) return { as: "silent" };
    const known = toEngineError(error);
    if (!(known instanceof EngineError)) throw known;
    if (statusOf(known) !== undefined) return { as: "refused", sentence: known.message };
    if (isEngineError(known, "unavailable")) return { as: "cut" };
    throw known;
  }
}

/** One line a change of a layer's state, not one a percent. */
async function follow(
  stream: Readable,
  onProgress: (line: string) => void,
  onLife: () => void,
): Promise<Outcome> {
  const states = new Map<string, string>();
  let outcome: Outcome = { as: "complete" };
  for await (const line of completeLines(stream)) {
    onLife();
    const entry = understood(progress, JSON.parse(line), "pull");
    const sentence = entry.errorDetail?.message ?? entry.error;
    if (sentence) outcome = { as: "refused", sentence };
    if (!entry.status || states.get(entry.id ?? "") === entry.status) continue;
    states.set(entry.id ?? "", entry.status);
    onProgress(entry.id ? `${entry.id}: ${entry.status}` : entry.status);
  }
  return outcome;
}
