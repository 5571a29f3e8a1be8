/** Runs a command in a session's sandbox. */
import { type Place, runCommand } from "@/lib/commands/run.server";
import { streamCommand } from "@/lib/commands/stream.server";
import type { ExecAnswer, ExecRequest } from "@/lib/commands/wire";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import type { Actor } from "@/lib/users/roles";
import { getSession } from "./store.server";

/** @throws AppError 404; 409 `not_running`; what `runCommand` throws. */
export async function execInSession(
  actor: Actor,
  sessionId: string,
  request: ExecRequest,
): Promise<ExecAnswer> {
  return runCommand(actor, await placeOf(sessionId), request, { withEnvironment: true });
}

/** The same with its output as it comes. @throws AppError 404; 409 `not_running` */
export async function streamInSession(actor: Actor, sessionId: string, request: ExecRequest) {
  return streamCommand(actor, await placeOf(sessionId), request);
}

/** Where a session’s commands run. @throws AppError 404; 409 `not_running`. */
export async function placeOf(sessionId: string): Promise<Place> {
  const session = await getSession(sessionId);
  if (session.status !== "running")
    throw new AppError(
      409,
      "not_running",
      `The session ${session.name} isn't running: it is ${session.status}.`,
    );
  const { hostId } = await db().session.findUniqueOrThrow({
    where: { id: sessionId },
    select: { hostId: true },
  });
  return { kind: "session", id: sessionId, hostId };
}
