/** Which images carry an installation's label. */
import { z } from "zod";
import type { OwnedImage } from "../types";
import { understood } from "./answers";
import type { Client } from "./client";
import { withDeadline } from "./deadline";
import { isEngineError } from "./errors";
import { get } from "./get";
import { INSTALLATION_LABEL, parseOwnership } from "./labels";

const listAnswer = z.array(
  z.object({
    Id: z.string(),
    Created: z.number(),
    RepoTags: z.array(z.string()).nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
);
const commentAnswer = z.object({ Comment: z.string().nullish() });

/** Newest first, so that one comes before those that it was made from. */
export async function listImages(client: Client, installation: string): Promise<OwnedImage[]> {
  const filters = { label: [`${INSTALLATION_LABEL}=${installation}`] };
  const answer: unknown = await withDeadline("list images", client.deadlines.quick, (abortSignal) =>
    // All: one without a name that another was made from is otherwise left out.
    client.docker.listImages({ all: true, filters, abortSignal }),
  );
  const found = understood(listAnswer, answer, "list images").sort(
    (one, other) => other.Created - one.Created,
  );
  const images: OwnedImage[] = [];
  for (const { Id: id, Labels, RepoTags } of found) {
    const ownership = parseOwnership(Labels);
    const comment = ownership ? await commentOf(client, id) : null;
    if (ownership && comment !== null) images.push({ id, name: RepoTags?.[0] ?? id, ownership, comment });
  }
  return images;
}

/** Null when it went away since it was listed. */
async function commentOf(client: Client, id: string): Promise<string | null> {
  try {
    const raw = await get(client.docker, `/images/${id}/json`, client.deadlines.quick);
    return understood(commentAnswer, raw, "inspect image").Comment ?? "";
  } catch (error) {
    if (isEngineError(error, "not_found")) return null;
    throw error;
  }
}
