/** The few fields of an inspected container that Kiln relies on. */
import { z } from "zod";
import { understood } from "./answers";
import type { Client } from "./client";
import { withDeadline } from "./deadline";

const containerAnswer = z.object({
  Id: z.string(),
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    OOMKilled: z.boolean().default(false),
    ExitCode: z.number(),
    Error: z.string().default(""),
    FinishedAt: z.string().default(""),
  }),
  Config: z.object({
    User: z.string().nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
});

export type InspectedContainer = z.infer<typeof containerAnswer>;

/** @throws EngineError `not_found` when there is no such container. */
export async function inspectContainer(
  client: Client,
  container: string,
  signal?: AbortSignal,
): Promise<InspectedContainer> {
  const answer: unknown = await withDeadline(
    "inspect container",
    client.deadlines.quick,
    (abortSignal) => client.docker.getContainer(container).inspect({ abortSignal }),
    signal,
  );
  return understood(containerAnswer, answer, "inspect container");
}
