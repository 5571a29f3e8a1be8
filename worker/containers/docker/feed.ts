/** Running a command that reads from its standard input. */
import type { Duplex } from "node:stream";
import { EngineError, type ExecAnswer } from "../types";
import type { Client } from "./client";
import { openStream, withDeadline } from "./deadline";
import { demultiplex } from "./demux";
import { toEngineError } from "./errors";
import { exitCodeOf } from "./exec-process";
import { Kept } from "./kept";

const MAX_BYTES = 4096;

export interface FeedRequest {
  command: string[];
  input: string;
  user: string;
  timeoutSeconds: number;
}

/** The command has to know by itself where its input ends: an engine on the way may not hand the end on. */
export async function feed(client: Client, container: string, request: FeedRequest): Promise<ExecAnswer> {
  const { id } = await withDeadline("create exec", client.deadlines.quick, (abortSignal) =>
    client.docker.getContainer(container).exec({
      Cmd: request.command,
      User: request.user,
      WorkingDir: "/",
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      abortSignal,
    }),
  );
  let socket: Duplex | undefined;
  const opened = await openStream("start exec", client.deadlines.slow, async (abortSignal) => {
    socket = await client.docker.getExec(id).start({ hijack: true, stdin: true, abortSignal });
    return socket;
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    opened.close();
  }, request.timeoutSeconds * 1000);
  const stdout = new Kept(MAX_BYTES);
  const stderr = new Kept(MAX_BYTES);
  try {
    socket?.end(request.input);
    for await (const { stream, data } of demultiplex(opened.stream))
      (stream === "stdout" ? stdout : stderr).add(data);
  } catch (error) {
    if (!isLate) throw toEngineError(error);
  } finally {
    clearTimeout(timer);
    opened.close();
  }
  if (isLate)
    throw new EngineError(
      "failed",
      `The command took longer than ${request.timeoutSeconds} s to read its input.`,
    );
  const exitCode = await exitCodeOf(client, id);
  if (exitCode === null)
    throw new EngineError("unavailable", "The command was cut off while it was reading its input.");
  const truncated = stdout.truncated || stderr.truncated;
  return { exitCode, stdout: stdout.bytes(), stderr: stderr.bytes(), truncated };
}
