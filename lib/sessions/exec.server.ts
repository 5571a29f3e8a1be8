/** Runs a command in a session: the web process only writes a row; a worker on the session's host carries it out. */

import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import { Wake } from "@/lib/events/hub.server";
import { enqueueCommand } from "@/lib/jobs/boss.server";
import type { Actor } from "@/lib/users/roles";
import { getSession } from "./store.server";
import type { ExecAnswer } from "./wire";

/** How long the queue and the worker may take on top of the command itself. */
const SLACK_MS = 15_000;

/**
 * @throws AppError 404; 409 `not_running`; 504 `exec_timed_out` when no answer came in time;
 * 422 `exec_failed` when the command couldn't be started.
 */
export async function execInSession(
  actor: Actor,
  sessionId: string,
  input: { command: string[]; timeoutSeconds: number },
): Promise<ExecAnswer> {
  const session = await getSession(sessionId);
  if (session.status !== "running")
    throw new AppError(
      409,
      "not_running",
      `The session ${session.name} isn't running: it is ${session.status}.`,
    );
  const commandId = uuidv7();
  const wake = new Wake((pointer) => pointer.kind === "command" && pointer.id === commandId);
  try {
    await db().$transaction(async (tx) => {
      const { hostId } = await tx.session.findUniqueOrThrow({
        where: { id: sessionId },
        select: { hostId: true },
      });
      await tx.sessionCommand.create({
        data: {
          id: commandId,
          sessionId,
          command: input.command,
          timeoutSeconds: input.timeoutSeconds,
          requestedBy: actor.name,
        },
      });
      await recordAudit(
        tx,
        actor,
        "session.exec",
        { kind: "session", id: sessionId },
        { program: (input.command[0] ?? "").slice(0, 200).toWellFormed() },
      );
      await enqueueCommand(tx, hostId, { commandId });
    });
    const deadline = Date.now() + input.timeoutSeconds * 1000 + SLACK_MS;
    while (Date.now() < deadline) {
      const answer = await readAnswer(commandId);
      if (answer) return answer;
      await wake.next(1_000);
    }
    throw new AppError(
      504,
      "exec_timed_out",
      "No answer came in time: the session's worker is busy or away. The command may still run.",
    );
  } finally {
    wake.close();
  }
}

async function readAnswer(id: string): Promise<ExecAnswer | null> {
  const row = await db().sessionCommand.findUniqueOrThrow({ where: { id } });
  if (row.status === "failed")
    throw new AppError(422, "exec_failed", row.error ?? "The command could not be run.");
  if (row.status !== "done") return null;
  const text = (bytes: Uint8Array | null) =>
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes ?? new Uint8Array());
  return {
    exitCode: row.exitCode ?? -1,
    stdout: text(row.stdout),
    stderr: text(row.stderr),
    truncated: row.truncated,
  };
}

export interface ClaimedCommand {
  id: string;
  command: string[];
  timeoutSeconds: number;
  containerId: string | null;
  sessionId: string;
}

/** The worker's side. @returns null when another delivery has taken it. */
export async function claimCommand(id: string): Promise<ClaimedCommand | null> {
  const { count } = await db().sessionCommand.updateMany({
    where: { id, status: "queued" },
    data: { status: "running" },
  });
  if (count === 0) return null;
  const row = await db().sessionCommand.findUniqueOrThrow({
    where: { id },
    include: { session: { select: { containerId: true } } },
  });
  return {
    id,
    command: z.array(z.string()).parse(row.command),
    timeoutSeconds: row.timeoutSeconds,
    containerId: row.session.containerId,
    sessionId: row.sessionId,
  };
}

export type CommandAnswer =
  | { exitCode: number; stdout: Uint8Array; stderr: Uint8Array; truncated: boolean }
  | { error: string };

/** Once: a second answer finds no running command. */
export async function answerCommand(id: string, answer: CommandAnswer): Promise<void> {
  await db().sessionCommand.updateMany({
    where: { id, status: "running" },
    data:
      "error" in answer
        ? { status: "failed", error: answer.error, finishedAt: new Date() }
        : {
            status: "done",
            exitCode: answer.exitCode,
            stdout: new Uint8Array(answer.stdout),
            stderr: new Uint8Array(answer.stderr),
            truncated: answer.truncated,
            finishedAt: new Date(),
          },
  });
}
