/** The engine's four calls about an executed command. */
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { understood } from "./answers";
import type { Client } from "./client";
import { type OpenStream, openStream, withDeadline } from "./deadline";
import { toEnv } from "./env";

export interface ExecProcess {
  command: string[];
  user: string;
  workdir: string;
  env?: Record<string, string>;
}

const inspectAnswer = z.object({ Running: z.boolean(), ExitCode: z.number().nullish() });

/** How long a process may count as running after its output has ended. */
const SETTLE_MS = 5000;

/** Starts it; answers its id, its output and, where it takes one, its standard input. */
export async function startExec(
  client: Client,
  container: string,
  process: ExecProcess,
  takesInput = false,
): Promise<{ id: string; opened: OpenStream; stdin: Duplex | null }> {
  const { id } = await withDeadline("create exec", client.deadlines.quick, (abortSignal) =>
    client.docker.getContainer(container).exec({
      Cmd: process.command,
      User: process.user,
      WorkingDir: process.workdir,
      ...(process.env ? { Env: toEnv(process.env) } : {}),
      AttachStdin: takesInput,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      abortSignal,
    }),
  );
  let stdin: Duplex | null = null;
  const opened = await openStream("start exec", client.deadlines.slow, async (abortSignal) => {
    const stream = await client.docker
      .getExec(id)
      .start(
        takesInput ? { hijack: true, stdin: true, abortSignal } : { Detach: false, Tty: false, abortSignal },
      );
    stdin = takesInput ? stream : null;
    return stream;
  });
  return { id, opened, stdin };
}

/** The exit code, as soon as the engine has noticed the end; null when it still runs after a few seconds. */
export async function exitCodeOf(client: Client, id: string, patience = SETTLE_MS): Promise<number | null> {
  const until = Date.now() + patience;
  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    const answer: unknown = await withDeadline("inspect exec", client.deadlines.quick, (abortSignal) =>
      client.docker.getExec(id).inspect({ abortSignal }),
    );
    const found = understood(inspectAnswer, answer, "inspect exec");
    if (!found.Running) return found.ExitCode ?? null;
    if (Date.now() + pause > until) return null;
    await delay(pause);
  }
}
