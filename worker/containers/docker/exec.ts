/** Running one command in a running container, with a limit on its time and on what is kept of its output. */
import { EngineError, type ExecAnswer, type ExecRequest } from "../types";
import type { Client } from "./client";
import { demultiplex } from "./demux";
import { toEngineError } from "./errors";
import { endCommand, withLeader, withoutLeader } from "./exec-leader";
import { exitCodeOf, startExec } from "./exec-process";
import { Kept } from "./kept";

/** What the engine answers for a command that isn't there or can't be run. */
const NOT_RUN = [126, 127];

/**
 * Runs the command as it is, never as shell text. A shell starts it, so that it can be ended when its time is
 * up; an image without a shell gets the bare command.
 * @throws EngineError `failed` when the time was up; the sentence says whether the command could be ended.
 */
export async function exec(client: Client, container: string, request: ExecRequest): Promise<ExecAnswer> {
  const led = await run(client, container, { ...request, command: withLeader(request.command) });
  if (led.leader !== null || !NOT_RUN.includes(led.answer.exitCode)) return led.answer;
  return (await run(client, container, request)).answer;
}

async function run(
  client: Client,
  container: string,
  request: ExecRequest,
): Promise<{ answer: ExecAnswer; leader: number | null }> {
  const { id, opened } = await startExec(client, container, request);
  const stdout = new Kept(request.maxBytes);
  const stderr = new Kept(request.maxBytes);
  let leader: number | null = null;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    opened.close();
  }, request.timeoutSeconds * 1000);
  try {
    const output = withoutLeader(demultiplex(opened.stream), (said) => {
      leader = said;
    });
    for await (const chunk of output) {
      (chunk.stream === "stdout" ? stdout : stderr).add(chunk.data);
      await request.onOutput?.(chunk);
    }
  } catch (error) {
    if (!timedOut) throw toEngineError(error);
  } finally {
    clearTimeout(timer);
    opened.close();
  }
  if (timedOut) throw await overdue(client, container, { exec: id, leader, request });
  const exitCode = await exitCodeOf(client, id);
  if (exitCode === null)
    throw new EngineError("unavailable", "The command's output was cut off while it was running.");
  const truncated = stdout.truncated || stderr.truncated;
  return { answer: { exitCode, stdout: stdout.bytes(), stderr: stderr.bytes(), truncated }, leader };
}

async function overdue(
  client: Client,
  container: string,
  command: { exec: string; leader: number | null; request: ExecRequest },
): Promise<EngineError> {
  const { exec, leader, request } = command;
  const sentence = `The command ran longer than ${request.timeoutSeconds} s`;
  if (leader === null) {
    const why = "there is no shell in the container to end it with";
    return new EngineError("failed", `${sentence}. It may be running still: ${why}.`);
  }
  const ended = await endCommand(client, container, { exec, leader, user: request.user });
  return new EngineError(
    "failed",
    ended ? `${sentence} and was ended.` : `${sentence} and could not be ended.`,
  );
}
