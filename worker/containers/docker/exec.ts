/** Running one command in a running container, with a limit on its time and on what is kept of its output. */
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { EngineError, type ExecAnswer, type ExecRequest } from "../types";
import type { Client } from "./client";
import { demultiplex } from "./demux";
import { toEngineError } from "./errors";
import { endCommand, withLeader, withoutLeader } from "./exec-leader";
import { exitCodeOf, startExec } from "./exec-process";
import { Kept } from "./kept";
import type { StandbyShells, StartedExec } from "./standby";

/** What the engine answers for a command that isn't there or can't be run. */
const NOT_RUN = [126, 127];

/**
 * Runs the command as it is, never as shell text. A shell starts it, so that it can be ended when its time is
 * up; an image without a shell gets the bare command.
 * @throws EngineError `failed` when the time was up; the sentence says whether the command could be ended.
 */
export async function exec(
  client: Client,
  standby: StandbyShells,
  container: string,
  request: ExecRequest,
): Promise<ExecAnswer> {
  const waiting = await standby.take(container, request);
  if (waiting) {
    const { answer, leader } = await run(client, container, request, waiting);
    // Without its number it hasn't begun: somebody ended it while it waited.
    if (leader !== null) return answer;
  }
  const led = await start(client, container, { ...request, command: withLeader(request.command) });
  if (led.leader !== null || !NOT_RUN.includes(led.answer.exitCode)) return led.answer;
  return (await start(client, container, request)).answer;
}

async function start(client: Client, container: string, request: ExecRequest): Promise<Ran> {
  const started = await startExec(client, container, request, request.input !== undefined);
  return run(client, container, request, started);
}

interface Ran {
  answer: ExecAnswer;
  leader: number | null;
}

async function run(
  client: Client,
  container: string,
  request: ExecRequest,
  { id, opened, stdin }: StartedExec,
): Promise<Ran> {
  const stdout = new Kept(request.maxBytes);
  const stderr = new Kept(request.maxBytes);
  let leader: number | null = null;
  /** Why it has to end before it does by itself. */
  let cut: string | null = null;
  const cutOff = (why: string) => {
    cut ??= why;
    opened.close();
  };
  const timer = setTimeout(
    () => cutOff(`ran longer than ${request.timeoutSeconds} s`),
    request.timeoutSeconds * 1000,
  );
  const over = new AbortController();
  const feeding =
    stdin && request.input
      ? pour(request.input(over.signal), stdin).catch((error: unknown) => {
          if (!over.signal.aborted) cutOff(`wasn't given all of its input (${wordsOf(error)})`);
        })
      : null;
  try {
    const output = withoutLeader(demultiplex(opened.stream), (said) => {
      leader = said;
    });
    for await (const chunk of output) {
      (chunk.stream === "stdout" ? stdout : stderr).add(chunk.data);
      await request.onOutput?.(chunk);
    }
  } catch (error) {
    if (cut === null) throw toEngineError(error);
  } finally {
    clearTimeout(timer);
    over.abort();
    opened.close();
    await feeding;
  }
  if (cut !== null)
    throw await endedEarly(client, container, { exec: id, leader, why: cut, user: request.user });
  const exitCode = await exitCodeOf(client, id);
  if (exitCode === null)
    throw new EngineError("unavailable", "The command's output was cut off while it was running.");
  const truncated = stdout.truncated || stderr.truncated;
  return { answer: { exitCode, stdout: stdout.bytes(), stderr: stderr.bytes(), truncated }, leader };
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function endedEarly(
  client: Client,
  container: string,
  command: { exec: string; leader: number | null; why: string; user: string },
): Promise<EngineError> {
  const { exec, leader, why, user } = command;
  const sentence = `The command ${why}`;
  if (leader === null)
    return new EngineError(
      "failed",
      `${sentence}. It may be running still: there is no shell in the container to end it with.`,
    );
  const ended = await endCommand(client, container, { exec, leader, user });
  return new EngineError(
    "failed",
    ended ? `${sentence} and was ended.` : `${sentence} and could not be ended.`,
  );
}

/** At the command's pace. What it doesn't take because it has ended is nobody's. */
async function pour(input: AsyncIterable<Uint8Array>, stdin: Duplex): Promise<void> {
  for await (const piece of input) {
    if (stdin.destroyed || !stdin.writable) return;
    if (!stdin.write(piece)) await Promise.race([once(stdin, "drain"), once(stdin, "close")]);
  }
}
