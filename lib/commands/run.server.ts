/** Runs a command in a sandbox: the web process only writes a row; a worker on the sandbox's host carries it out. */

import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import { Wake } from "@/lib/events/hub.server";
import { enqueueCommand } from "@/lib/jobs/boss.server";
import { type Spec, specSchema } from "@/lib/profiles/spec";
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
}

/** Writes it down and wakes a worker of its host, in one transaction. @returns the command's id. */
export async function requestCommand(
  actor: Actor,
  { kind, id, hostId }: Place,
  { command, timeoutSeconds }: ExecRequest,
  { streamed = false, inputBytes = null, passive = false }: Asked = {},
): Promise<string> {
  const commandId = uuidv7();
  await db().$transaction(async (tx) => {
    await tx.sandboxCommand.create({
      data: {
        id: commandId,
        ...(kind === "session" ? { sessionId: id } : { snapshotId: id }),
        ...{ command, timeoutSeconds, streamed, inputBytes, passive },
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
export async function runCommand(actor: Actor, place: Place, request: ExecRequest): Promise<ExecAnswer> {
  return awaitAnswer(await requestCommand(actor, place, request), request);
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

export interface ClaimedCommand {
  id: string;
  command: string[];
  timeoutSeconds: number;
  /** Its output is handed on while it runs. */
  streamed: boolean;
  /** How much input it is given; null for none. */
  inputBytes: number | null;
  /** The sandbox's; null when there is none any more. */
  containerId: string | null;
  spec: Pick<Spec, "user" | "workdir">;
}

/** The worker's side, in one statement: somebody waits for each. @returns null when another delivery has taken it. */
export async function claimCommand(id: string): Promise<ClaimedCommand | null> {
  const [row] = await db().$queryRaw<Array<Omit<ClaimedCommand, "id" | "command" | "spec"> & Stored>>`
    UPDATE session_commands c SET status = 'running'
    FROM (
      SELECT a.id, COALESCE(s.container_id, n.kept_container_id) AS container_id, v.spec
      FROM session_commands a LEFT JOIN sessions s ON s.id = a.session_id LEFT JOIN snapshots n ON n.id = a.snapshot_id
      JOIN versions v ON v.id = COALESCE(s.version_id, n.version_id) WHERE a.id = ${id}::uuid
    ) place
    WHERE c.id = place.id AND c.status = 'queued'
    RETURNING c.command, c.timeout_seconds AS "timeoutSeconds", c.streamed, c.input_bytes::float8 AS "inputBytes",
      place.container_id AS "containerId", place.spec`;
  if (!row) return null;
  return { ...row, id, command: z.array(z.string()).parse(row.command), spec: specSchema.parse(row.spec) };
}

interface Stored {
  command: unknown;
  spec: unknown;
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
