/** Starting, stopping and listing containers. */
import { z } from "zod";
import type { ContainerState, ExitFacts, OwnedContainer } from "../types";
import { understood } from "./answers";
import type { Client } from "./client";
import { withDeadline } from "./deadline";
import { isEngineError, statusOf } from "./errors";
import { inspectContainer } from "./inspect";
import { INSTALLATION_LABEL, parseContainerOwnership } from "./labels";

const NOT_MODIFIED = 304;

/** Safe when it is running already. */
export async function start(client: Client, container: string, signal?: AbortSignal): Promise<void> {
  await unlessAlready(() =>
    withDeadline(
      "start container",
      client.deadlines.slow,
      (abortSignal) => client.docker.getContainer(container).start({ abortSignal }),
      signal,
    ),
  );
}

/** SIGTERM, then SIGKILL after the grace. Safe when it has exited; `not_found` when it is gone. */
export async function stop(client: Client, container: string, graceSeconds: number): Promise<void> {
  await unlessAlready(() =>
    withDeadline("stop container", graceSeconds * 1000 + client.deadlines.slow, (abortSignal) =>
      client.docker.getContainer(container).stop({ t: Math.ceil(graceSeconds), abortSignal }),
    ),
  );
}

/** "Not modified" is how the engine says that nothing was left to do; dockerode takes it for a failure. */
async function unlessAlready(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(isEngineError(error, "failed") && statusOf(error) === NOT_MODIFIED)) throw error;
  }
}

/** SIGKILL to everything in it. Safe when it isn't running or is gone. */
export async function kill(client: Client, container: string): Promise<void> {
  try {
    await withDeadline("kill container", client.deadlines.slow, (abortSignal) =>
      client.docker.getContainer(container).kill({ abortSignal }),
    );
  } catch (error) {
    if (!isEngineError(error, "not_found", "conflict")) throw error;
  }
}

export async function renameContainer(client: Client, container: string, name: string): Promise<void> {
  await withDeadline("rename container", client.deadlines.quick, (abortSignal) =>
    client.docker.getContainer(container).rename({ name, abortSignal }),
  );
}

/** One that is gone isn't running. */
export async function isRunning(client: Client, container: string): Promise<boolean> {
  try {
    return (await inspectContainer(client, container)).State.Running;
  } catch (error) {
    if (isEngineError(error, "not_found")) return false;
    throw error;
  }
}

export async function stateOf(client: Client, container: string): Promise<ContainerState> {
  try {
    const { State } = await inspectContainer(client, container);
    if (State.Status === "paused") return "paused";
    if (State.Running) return "running";
    return State.Status === "created" ? "created" : "exited";
  } catch (error) {
    if (isEngineError(error, "not_found")) return "gone";
    throw error;
  }
}

export async function lastExit(client: Client, container: string): Promise<ExitFacts | null> {
  try {
    const { Status, ExitCode, OOMKilled } = (await inspectContainer(client, container)).State;
    return Status === "exited" ? { exitCode: ExitCode, outOfMemory: OOMKilled } : null;
  } catch (error) {
    if (isEngineError(error, "not_found")) return null;
    throw error;
  }
}

const listAnswer = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()).nullish(),
    State: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
);

/** Everything of this installation, running or not; what only inherited our labels from an image isn't ours. */
export async function listContainers(client: Client, installation: string): Promise<OwnedContainer[]> {
  const filters = { label: [`${INSTALLATION_LABEL}=${installation}`] };
  const answer: unknown = await withDeadline("list containers", client.deadlines.quick, (abortSignal) =>
    client.docker.listContainers({ all: true, filters, abortSignal }),
  );
  return understood(listAnswer, answer, "list containers").flatMap((found) => {
    const ownership = parseContainerOwnership(found.Labels);
    if (!ownership) return [];
    const name = found.Names?.[0]?.replace(/^\//, "") ?? found.Id;
    return [{ id: found.Id, name, running: found.State === "running", ownership }];
  });
}
