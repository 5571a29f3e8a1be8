/** Waiting for a container's end without trusting one connection. */
import { setTimeout as delay } from "node:timers/promises";
import { EngineError, type ExitFacts } from "../types";
import type { Client } from "./connect";
import { type InspectedContainer, inspectContainer } from "./inspect";

type State = InspectedContainer["State"];

/** The kernel's word on memory and the process's end come to the engine by two ways. */
const FLAG_GRACE_MS = 100;

/**
 * Resolves when the container has exited. The engine's `wait` only wakes this early: it never settles when
 * the engine dies, so inspections ask as well, and only these are believed. One that wasn't started yet is
 * waited for.
 * @throws EngineError `unavailable` when the engine doesn't answer an inspection, `not_found` when the
 * container is gone, `failed` when it couldn't be started; the signal's reason when that aborts.
 */
export async function waitForExit(
  client: Client,
  container: string,
  signal: AbortSignal,
): Promise<ExitFacts> {
  signal.throwIfAborted();
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  let listening: { condition: string; exit: Promise<"exit"> } | undefined;
  try {
    for (;;) {
      const { State: state } = await inspectContainer(client, container, signal);
      if (hasExited(state)) return await exitFacts(client, container, state, signal);
      // Before its start it counts as "not running": then the next exit is meant.
      const condition = state.Status === "created" ? "next-exit" : "not-running";
      if (listening?.condition !== condition)
        listening = { condition, exit: listenForExit(client, container, condition, ended) };
      const first = await Promise.race([
        listening.exit,
        delay(client.deadlines.poll, "poll", { signal: ended }),
      ]);
      if (first === "exit") listening = undefined;
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    over.abort();
  }
}

/** Settles with an exit only. Whatever spoils the connection, the next inspection meets it and reports it. */
function listenForExit(
  client: Client,
  container: string,
  condition: "next-exit" | "not-running",
  signal: AbortSignal,
): Promise<"exit"> {
  return new Promise((resolve) => {
    client.docker
      .getContainer(container)
      .wait({ condition, abortSignal: signal })
      .then(
        () => resolve("exit"),
        () => undefined,
      );
  });
}

function hasExited(state: State): boolean {
  if (state.Status !== "created") return !state.Running;
  if (state.Error !== "")
    throw new EngineError("failed", `The container couldn't be started: ${state.Error}`);
  return false;
}

async function exitFacts(
  client: Client,
  container: string,
  state: State,
  signal: AbortSignal,
): Promise<ExitFacts> {
  if (state.OOMKilled) return { exitCode: state.ExitCode, outOfMemory: true };
  await delay(FLAG_GRACE_MS, undefined, { signal });
  const { State: later } = await inspectContainer(client, container, signal);
  return { exitCode: later.ExitCode, outOfMemory: later.OOMKilled };
}
