/** Runs a command in a sandbox: the web process only writes a row; a worker on the sandbox's host carries it out. */

import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { AppError } from "@/lib/errors";
import { Wake } from "@/lib/events/hub.server";
import { enqueueCommand } from "@/lib/jobs/boss.server";
import { specSchema } from "@/lib/profiles/spec";
import { givenSchema } from "@/lib/sessions/wire";
import type { Actor } from "@/lib/users/roles";
import type { ExecAnswer, ExecRequest } from "./wire";

/** How long the queue and the worker may take on top of the command itself. */
export const SLACK_MS = 15_000;

/** Whose sandbox it is, and where. */
export interface Place {
  kind: "session" | "snapshot";
  id: string;
  hostId: string;
}

interface Asked {
  /** Its output is to be handed on while it runs. */
  streamed?: boolean;
  /** How much input it will be given, piece by piece; null for none. */
  inputBytes?: number | null;
  /** It only looks: no use of the sandbox, and not in the audit. */
  passive?: boolean;
  /** It is somebody's own: it gets its session's variables and secrets. */
  withEnvironment?: boolean;
}

/** Writes it down and wakes a worker of its host, in one transaction. @returns the command's id. */
export async function requestCommand(
  actor: Actor,
  { kind, id, hostId }: Place,
  { command, timeoutSeconds }: ExecRequest,
  { streamed = false, inputBytes = null, passive = false, withEnvironment = false }: Asked = {},
): Promise<string> {
  const commandId = uuidv7();
  await db().$transaction(async (tx) => {
    await tx.sandboxCommand.create({
      data: {
        id: commandId,
        ...(kind === "session" ? { sessionId: id } : { snapshotId: id }),
        ...{ command, timeoutSeconds, streamed, inputBytes, passive, withEnvironment },
        requestedBy: actor.name,
      },
    });
    if (!passive)
      await recordAudit(
        tx,
        actor,
        `${kind}.exec`,
        { kind, id },
        { program: (command[0] ?? "").slice(0, 200).toWellFormed() },
      );
    await enqueueCommand(tx, hostId, { commandId });
  });
  return commandId;
}

/**
 * The caller has looked whether there is a sandbox.
 * @throws AppError 504 `exec_timed_out` when no answer came in time; 422 `exec_failed` when the command couldn't
 * be started.
 */
export async function runCommand(
  actor: Actor,
  place: Place,
  request: ExecRequest,
  asked: Pick<Asked, "withEnvironment"> = {},
): Promise<ExecAnswer> {
  return awaitAnswer(await requestCommand(actor, place, request, asked), request);
}

/**
 * Runs one that only looks, and leaves no trace of it.
 * @throws as `runCommand` does.
 */
export async function lookInto(actor: Actor, place: Place, request: ExecRequest): Promise<ExecAnswer> {
  const id = await requestCommand(actor, place, request, { passive: true });
  try {
    return await awaitAnswer(id, request);
  } finally {
    await db().sandboxCommand.deleteMany({ where: { id } });
  }
}

/** The answer to a command that was asked for. @throws as `runCommand` does. */
export async function awaitAnswer(
  commandId: string,
  { timeoutSeconds }: Pick<ExecRequest, "timeoutSeconds">,
): Promise<ExecAnswer> {
  const wake = new Wake((pointer) => pointer.kind === "command" && pointer.id === commandId);
  try {
    const deadline = Date.now() + timeoutSeconds * 1000 + SLACK_MS;
    while (Date.now() < deadline) {
      const answer = await readAnswer(commandId);
      if (answer) return answer;
      await wake.next(1_000);
    }
    throw new AppError(
      504,
      "exec_timed_out",
      "No answer came in time: the sandbox's worker is busy or away. The command may still run.",
    );
  } finally {
    wake.close();
  }
}

async function readAnswer(id: string): Promise<ExecAnswer | null> {
  const row = await db().sandboxCommand.findUniqueOrThrow({ where: { id } });
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

/** A claim's answer, as the database gives it. */
const claimedSchema = z.object({
  command: z.array(z.string()),
  timeoutSeconds: z.number(),
  /** Its output is handed on while it runs. */
  streamed: z.boolean(),
  /** How much input it is given; null for none. */
  inputBytes: z.bigint().transform(Number).nullable(),
  /** The sandbox's; null when there is none any more. */
  containerId: z.string().nullable(),
  spec: specSchema,
  /** What its session was given at its start, when this command gets it. */
  given: givenSchema.nullable(),
});
export type ClaimedCommand = z.infer<typeof claimedSchema>;

/** The worker's side, in one statement: the command waits for it. @returns null when another delivery has taken it. */
export async function claimCommand(id: string): Promise<ClaimedCommand | null> {
  const [row] = await db().$queryRaw<unknown[]>`
    WITH claimed AS (
      UPDATE session_commands SET status = 'running' WHERE id = ${id}::uuid AND status = 'queued' RETURNING *)
    SELECT c.command, c.timeout_seconds AS "timeoutSeconds", c.streamed, c.input_bytes AS "inputBytes",
      COALESCE(s.container_id, n.kept_container_id) AS "containerId", v.spec,
      CASE WHEN c.with_environment AND s.id IS NOT NULL THEN jsonb_build_object('env', s.env, 'secrets', s.secrets) END AS given
    FROM claimed c LEFT JOIN sessions s ON s.id = c.session_id LEFT JOIN snapshots n ON n.id = c.snapshot_id
      JOIN versions v ON v.id = COALESCE(s.version_id, n.version_id)`;
  return row === undefined ? null : claimedSchema.parse(row);
}

export type CommandAnswer =
  | { exitCode: number; stdout: Uint8Array; stderr: Uint8Array; truncated: boolean }
  | { error: string };

/** Once: a second answer finds no running command. */
export async function answerCommand(id: string, answer: CommandAnswer): Promise<void> {
  await db().sandboxCommand.updateMany({
    where: { id, status: "running" },
    data:
      "error" in answer
        ? { status: "failed", error: answer.error, finishedAt: databaseTime() }
        : {
            status: "done",
            exitCode: answer.exitCode,
            stdout: new Uint8Array(answer.stdout),
            stderr: new Uint8Array(answer.stderr),
            truncated: answer.truncated,
            finishedAt: databaseTime(),
          },
  });
}
