/** Waiting for a container's end without trusting one connection. */

import { setTimeout as delay } from "node:timers/promises";
import { heardLater } from "@/lib/heard-later";
import { type EarlyExit, EngineError, type ExitFacts } from "../types";
import type { Client } from "./client";
import { type InspectedContainer, inspectContainer } from "./inspect";
import { reportedOutOfMemory } from "./out-of-memory";

type State = InspectedContainer["State"];

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
  const { exitCode, outOfMemory } = await waitForEarlyExit(client, container, signal);
  try {
    return { exitCode, outOfMemory: await outOfMemory };
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/** The same before the engine's late reports are in: those of memory, which are worth the wait before a success. */
export async function waitForEarlyExit(
  client: Client,
  container: string,
  signal: AbortSignal,
): Promise<EarlyExit> {
  signal.throwIfAborted();
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  let listening: { condition: string; exit: Promise<"exit"> } | undefined;
  try {
    for (;;) {
      const found = await inspectContainer(client, container, signal);
      if (hasExited(found.State)) return earlyExit(client, found, signal);
      // Before its start it counts as "not running": then the next exit is meant.
      const condition = found.State.Status === "created" ? "next-exit" : "not-running";
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

function earlyExit(client: Client, found: InspectedContainer, signal: AbortSignal): EarlyExit {
  const outOfMemory = ranOutOfMemory(client, found, signal);
  // Whoever has found another reason to fail meanwhile doesn't ask for it any more.
  void heardLater(outOfMemory);
  return { exitCode: found.State.ExitCode, outOfMemory };
}

async function ranOutOfMemory(
  client: Client,
  found: InspectedContainer,
  signal: AbortSignal,
): Promise<boolean> {
  const { OOMKilled: known, FinishedAt: finishedAt } = found.State;
  if (known) return true;
  const reported = await reportedOutOfMemory(client, { id: found.Id, finishedAt }, signal);
  // Newer engines set the flag late as well.
  const later = await inspectContainer(client, found.Id, signal);
  return reported || later.State.OOMKilled;
}
