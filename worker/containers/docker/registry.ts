/** What a registry has under a name now. The engine asks: it knows its mirrors, its proxies and its credentials. */
import { z } from "zod";
import { EngineError } from "../types";
import { understood } from "./answers";
import type { Client } from "./client";
import { DeadlineError } from "./deadline";
import { get } from "./get";

const distributionAnswer = z.object({ Descriptor: z.object({ digest: z.string() }) });

/** @throws EngineError; `unavailable` when nothing is heard, of the engine or of the registry that it asks. */
export async function registryDigest(
  client: Client,
  reference: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    const raw = await get(
      client.docker,
      `/distribution/${reference}/json`,
      client.deadlines.registry,
      signal,
    );
    return understood(distributionAnswer, raw, "distribution").Descriptor.digest;
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    const seconds = client.deadlines.registry / 1000;
    throw new EngineError(
      "unavailable",
      `The engine, or the registry of ${reference}, didn't answer within ${seconds} s.`,
      { cause: error },
    );
  }
}
