/** Turning an exited container into an image. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { type CapturePlan, EngineError, type ImageFacts } from "../types";
import { understood } from "./answers";
import type { Client } from "./client";
import { withDeadline } from "./deadline";
import { ping } from "./facts";
import { inspectImage, splitReference } from "./images";
import { type InspectedContainer, inspectContainer } from "./inspect";
import { toLabels } from "./labels";

const commitAnswer = z.object({ Id: z.string() });

/** How often the engine may leave a sign of life out before a commit is given up. */
const MISSED_PINGS = 3;

/** Commits an exited container; answers the image's facts, inspected after the commit. */
export async function capture(client: Client, container: string, plan: CapturePlan): Promise<ImageFacts> {
  const found = await inspectContainer(client, container);
  if (found.State.Running || found.State.Status === "created")
    throw new EngineError("conflict", "Only a container that has exited can be captured.");
  const options = {
    _query: { container: found.Id, ...nameOf(plan.reference), comment: plan.comment, pause: false },
    _body: imageConfig(found, plan),
  };
  const committed: unknown = await whileAlive(client, (alive) =>
    withDeadline(
      "commit",
      client.deadlines.capture,
      (abortSignal) => client.docker.getContainer(found.Id).commit({ ...options, abortSignal }),
      alive,
    ),
  );
  return await inspectImage(client, understood(commitAnswer, committed, "commit").Id);
}

function nameOf(reference: string | null) {
  if (reference === null) return {};
  const { repository, tag } = splitReference(reference);
  return { repo: repository, tag };
}

/**
 * What the engine finds empty here it takes from the container: its user when `User` is "", its command when
 * entrypoint and command are both empty, its labels one by one. An entrypoint that is an empty list (not
 * null) counts as said, and a container of ours has no command to fall back on.
 */
function imageConfig(container: InspectedContainer, plan: CapturePlan) {
  const asRoot = container.Config.User ? "root" : "";
  return {
    Entrypoint: plan.base.entrypoint ?? [],
    Cmd: plan.base.command ?? [],
    User: plan.base.user || asRoot,
    Labels: toLabels(plan.ownership),
  };
}

/** A commit may take minutes, so its own deadline says little; an engine that is stuck answers no ping either. */
async function whileAlive<T>(client: Client, call: (alive: AbortSignal) => Promise<T>): Promise<T> {
  const alive = new AbortController();
  const over = new AbortController();
  const watch = async () => {
    for (let missed = 0; !over.signal.aborted; ) {
      await delay(client.deadlines.poll, undefined, { signal: over.signal });
      try {
        await ping(client.docker, client.deadlines);
        missed = 0;
      } catch (error) {
        missed += 1;
        if (missed >= MISSED_PINGS) alive.abort(error);
      }
    }
  };
  const watching = watch().catch((error: unknown) => {
    // The delay's way to end.
    if (!over.signal.aborted) throw error;
  });
  try {
    return await call(alive.signal);
  } finally {
    over.abort();
    await watching;
  }
}
