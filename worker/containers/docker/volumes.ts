/** Volumes that containers of ours were given, and left. */
import { z } from "zod";
import type { OwnedVolume } from "../types";
import { understood } from "./answers";
import type { Client } from "./client";
import { withDeadline } from "./deadline";
import { isEngineError } from "./errors";
import { INSTALLATION_LABEL, parseContainerOwnership } from "./labels";

const listAnswer = z.object({
  Volumes: z
    .array(z.object({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullish() }))
    .nullish(),
});

export async function listVolumes(client: Client, installation: string): Promise<OwnedVolume[]> {
  const filters = { label: [`${INSTALLATION_LABEL}=${installation}`] };
  const answer: unknown = await withDeadline("list volumes", client.deadlines.quick, (abortSignal) =>
    client.docker.listVolumes({ filters, abortSignal }),
  );
  return (understood(listAnswer, answer, "list volumes").Volumes ?? []).flatMap(({ Name, Labels }) => {
    const ownership = parseContainerOwnership(Labels);
    return ownership ? [{ name: Name, ownership }] : [];
  });
}

/** Answers whether it is gone; one that a container uses stays. */
export async function removeVolume(client: Client, name: string): Promise<boolean> {
  try {
    await withDeadline("remove volume", client.deadlines.slow, (abortSignal) =>
      client.docker.getVolume(name).remove({ abortSignal }),
    );
    return true;
  } catch (error) {
    if (isEngineError(error, "not_found")) return true;
    if (isEngineError(error, "conflict")) return false;
    throw error;
  }
}
