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
/** How older engines say that there is none. */
const NO_TAG = "<none>:<none>";
const madeAnswer = z.object({ Comment: z.string().nullish(), Parent: z.string().nullish() });

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
    const made = ownership ? await howMade(client, id) : null;
    const [name = id, ...alsoNamed] = (RepoTags ?? []).filter((tag) => tag !== NO_TAG);
    if (ownership && made) images.push({ id, name, alsoNamed, ownership, ...made });
  }
  return images;
}

/** Null when it went away since it was listed. */
async function howMade(client: Client, id: string): Promise<Pick<OwnedImage, "comment" | "parent"> | null> {
  try {
    const raw = await get(client.docker, `/images/${id}/json`, client.deadlines.quick);
    const { Comment, Parent } = understood(madeAnswer, raw, "inspect image");
    return { comment: Comment ?? "", parent: Parent || null };
  } catch (error) {
    if (isEngineError(error, "not_found")) return null;
    throw error;
  }
}
