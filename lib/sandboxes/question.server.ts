/** Questions that the web asks a worker about a session's container: signed, short-lived, good for one. */
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import { placeOf } from "@/lib/sessions/exec.server";
import { signer } from "@/lib/signed.server";
import { livingWorker } from "@/lib/terminals/living.server";

const questionSchema = z.object({
  /** Its own; once used it is worth nothing. */
  id: z.uuid(),
  about: z.enum(["log", "disk"]),
  session: z.uuid(),
  worker: z.uuid(),
  expiresAt: z.iso.datetime(),
});
export type Question = z.infer<typeof questionSchema>;

const questions = signer("kiln sandbox question", questionSchema);
/** Names the question in a request to a worker's gateway. */
export const QUESTION_HEADER = "x-kiln-question";
const QUESTION_SECONDS = 30;

/** What was asked; null unless it was signed here. It may have expired, and may have been used. */
export const readQuestion = (text: string): Question | null => questions.read(text);

/**
 * Asks a worker on the session's host. Whoever asks was found to be allowed to.
 * @throws AppError 404; 409 `not_running`; 503 `no_gateway`, `no_answer`.
 */
export async function askWorker(
  about: Question["about"],
  sessionId: string,
  signal: AbortSignal,
): Promise<Response> {
  const { hostId } = await placeOf(sessionId);
  const [found] = await db().$queryRaw<Array<{ worker: string; gateway: string; expiresAt: Date }>>`
    SELECT w.id AS worker, w.gateway, now() + make_interval(secs => ${QUESTION_SECONDS}) AS "expiresAt" FROM workers w
    WHERE w.host_id = ${hostId}::uuid AND ${livingWorker()} ORDER BY (w.status = 'running') DESC, w.started_at DESC LIMIT 1`;
  if (!found) throw away();
  const { worker, gateway } = found;
  const expiresAt = found.expiresAt.toISOString();
  const question = questions.sign({ id: uuidv7(), about, session: sessionId, worker, expiresAt });
  const response = await fetch(`http://${gateway}/`, {
    headers: { [QUESTION_HEADER]: question },
    cache: "no-store",
    signal,
  }).catch((error: unknown) => {
    throw signal.aborted ? unanswered(undefined, error) : away(error);
  });
  if (response.ok) return response;
  const said = await response.text();
  if (response.status === 409) throw new AppError(409, "not_running", said);
  throw unanswered(said);
}

const away = (cause?: unknown) =>
  unavailable(
    "no_gateway",
    "No worker of the session’s host can be reached now. Try again in a moment.",
    cause,
  );

const unanswered = (said = "", cause?: unknown) =>
  unavailable("no_answer", said || "The session’s worker gave no answer. Try again in a moment.", cause);

function unavailable(code: string, message: string, cause: unknown): AppError {
  const error = new AppError(503, code, message);
  error.cause = cause;
  return error;
}
