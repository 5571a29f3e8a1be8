/** Finding out about images and removing them. */
import { z } from "zod";
import type { ImageFacts } from "../types";
import { understood } from "./answers";
import type { Client } from "./client";
import { withDeadline } from "./deadline";
import { isEngineError } from "./errors";
import { get } from "./get";

/** Old images have a string here, and newer engines leave empty fields out. */
const words = z
  .union([z.string().transform((word) => [word]), z.array(z.string())])
  .nullish()
  .transform((list) => (list && list.length > 0 ? list : null));

const imageAnswer = z.object({
  Id: z.string(),
  RepoDigests: z.array(z.string()).nullish(),
  Size: z.number(),
  Os: z.string().default(""),
  Architecture: z.string().default(""),
  RootFS: z.object({ Layers: z.array(z.string()).nullish() }).nullish(),
  Config: z
    .object({
      User: z.string().nullish(),
      WorkingDir: z.string().nullish(),
      Cmd: words,
      Entrypoint: words,
      Env: z.array(z.string()).nullish(),
    })
    .nullish(),
});

/** @throws EngineError `not_found` when the engine doesn't have it. */
export async function inspectImage(
  client: Client,
  idOrReference: string,
  signal?: AbortSignal,
): Promise<ImageFacts> {
  const raw = await get(client.docker, `/images/${idOrReference}/json`, client.deadlines.quick, signal);
  const answer = understood(imageAnswer, raw, "inspect image");
  return {
    id: answer.Id,
    digest: digestFor(idOrReference, answer.RepoDigests ?? []),
    sizeBytes: answer.Size,
    platform: `${answer.Os}/${answer.Architecture}`,
    depth: answer.RootFS?.Layers?.length ?? 0,
    user: answer.Config?.User ?? "",
    workdir: answer.Config?.WorkingDir ?? "",
    command: answer.Config?.Cmd ?? null,
    entrypoint: answer.Config?.Entrypoint ?? null,
    env: answer.Config?.Env ?? [],
  };
}

/** An image may have come from several registries; the one it was asked for by is the best. */
function digestFor(reference: string, digests: string[]): string | null {
  const repository = splitReference(reference).repository;
  return digests.find((digest) => digest.startsWith(`${repository}@`)) ?? digests[0] ?? null;
}

/** `registry:5000/name:tag` in two; a colon before the last slash is a port. */
export function splitReference(reference: string): { repository: string; tag: string } {
  const withoutDigest = reference.split("@", 1)[0] ?? reference;
  const colon = withoutDigest.lastIndexOf(":");
  if (colon <= withoutDigest.lastIndexOf("/")) return { repository: withoutDigest, tag: "latest" };
  return { repository: withoutDigest.slice(0, colon), tag: withoutDigest.slice(colon + 1) };
}

/** Gives an image one more name. @throws EngineError `not_found` when there is no such image. */
export async function tagImage(client: Client, image: string, reference: string): Promise<void> {
  const { repository, tag } = splitReference(reference);
  await withDeadline("tag image", client.deadlines.quick, (abortSignal) =>
    client.docker.getImage(image).tag({ repo: repository, tag, abortSignal }),
  );
}

/**
 * Removes an image that nothing uses; answers whether it is gone. Never forced, so one that a container or
 * another image needs stays. `noprune` keeps its untagged parents: the base image may be one of these since
 * its tag moved, and it belongs to somebody else.
 */
export async function removeImage(client: Client, idOrReference: string): Promise<boolean> {
  const options = { force: false, noprune: true };
  try {
    await withDeadline("remove image", client.deadlines.slow, (abortSignal) =>
      client.docker.getImage(idOrReference).remove({ ...options, abortSignal }),
    );
    return true;
  } catch (error) {
    if (isEngineError(error, "not_found")) return true;
    if (isEngineError(error, "conflict")) return false;
    throw error;
  }
}
