/** Runs a command in a session's sandbox. */
import { type Place, runCommand } from "@/lib/commands/run.server";
import { streamCommand } from "@/lib/commands/stream.server";
import type { ExecAnswer, ExecRequest } from "@/lib/commands/wire";
import { db } from "@/lib/db/client.server";
import { AppError, notFound } from "@/lib/errors";
import type { Actor } from "@/lib/users/roles";
import { isUuid } from "@/lib/uuid";

/** @throws AppError 404; 409 `not_running`; what `runCommand` throws. */
export async function execInSession(
  actor: Actor,
  sessionId: string,
  request: ExecRequest,
): Promise<ExecAnswer> {
  return runCommand(actor, await placeOf(sessionId), request);
}

/** The same with its output as it comes. @throws AppError 404; 409 `not_running` */
export async function streamInSession(actor: Actor, sessionId: string, request: ExecRequest) {
  return streamCommand(actor, await placeOf(sessionId), request);
}

/** Where a session’s commands run. @throws AppError 404; 409 `not_running`. */
export async function placeOf(sessionId: string): Promise<Place> {
  const session = isUuid(sessionId)
    ? await db().session.findUnique({
        where: { id: sessionId, status: { not: "deleted" } },
        select: { name: true, status: true, hostId: true },
      })
    : null;
  if (!session) throw notFound("session");
  if (session.status !== "running")
    throw new AppError(
      409,
      "not_running",
      `The session ${session.name} isn't running: it is ${session.status}.`,
    );
  return { kind: "session", id: sessionId, hostId: session.hostId };
}
