/** Making one layer of many: engines and file systems bear only so many on top of each other. */
import { Readable } from "node:stream";
import { z } from "zod";
import { EngineError, type FlattenPlan, type ImageFacts } from "../types";
import { understood } from "./answers";
import type { Client } from "./client";
import { openStream, withDeadline } from "./deadline";
import { exportContainer } from "./export";
import { get } from "./get";
import { inspectImage } from "./images";
import { toLabels } from "./labels";
import { completeLines } from "./lines";
import { removeContainer } from "./remove";

/** All of it is handed on as it is, whatever an engine has in it. */
const configured = z.object({ Config: z.record(z.string(), z.unknown()).nullish() });
const created = z.object({ Id: z.string() });
const progress = z.object({ status: z.string().optional(), error: z.string().optional() });

/**
 * The image's files as one layer, and its configuration under it unchanged. Nothing of it is run: its files leave the
 * engine and come back as a stream. The configuration can't be said at an import in all its parts, so a container
 * that is never started takes it to a commit.
 */
export async function flatten(
  client: Client,
  image: string,
  plan: FlattenPlan,
  signal: AbortSignal,
): Promise<ImageFacts> {
  const raw = await get(client.docker, `/images/${image}/json`, client.deadlines.quick, signal);
  const config = understood(configured, raw, "inspect image").Config ?? {};
  const started = { Entrypoint: ["/never-started"], Cmd: [] };
  const sandbox = { Labels: toLabels(plan.sandbox) };
  const files = await withContainer(client, { Image: image, ...started, ...sandbox }, (container) =>
    importFiles(client, exportContainer(client, container, signal), plan, signal),
  );
  return withContainer(client, { ...config, Image: files, ...started, ...sandbox }, async (container) => {
    // What is empty here the engine takes from the container; an empty list counts as said.
    const said = { ...config, Entrypoint: config.Entrypoint ?? [], Cmd: config.Cmd ?? [] };
    const options = {
      _query: { container, comment: plan.comment, pause: false },
      _body: { ...said, Labels: { ...labelsOf(config), ...toLabels(plan.ownership) } },
    };
    const committed: unknown = await withDeadline(
      "commit",
      client.deadlines.capture,
      (abortSignal) => client.docker.getContainer(container).commit({ ...options, abortSignal }),
      signal,
    );
    return inspectImage(client, understood(created, committed, "commit").Id);
  });
}

const labelsOf = ({ Labels }: Record<string, unknown>) =>
  z.record(z.string(), z.string()).catch({}).parse(Labels);

/** One that is never started; the engine wants a command all the same. */
async function withContainer<T>(
  client: Client,
  body: object,
  work: (container: string) => Promise<T>,
): Promise<T> {
  const container = await withDeadline("create container", client.deadlines.slow, (abortSignal) =>
    client.docker.createContainer({ ...{ _query: {}, _body: body }, abortSignal }),
  );
  try {
    return await work(container.id);
  } finally {
    await removeContainer(client, container.id);
  }
}

/** @returns the id of an image that has these files, and nothing of a configuration but our labels. */
async function importFiles(
  client: Client,
  files: AsyncIterable<Uint8Array>,
  { ownership, comment }: FlattenPlan,
  signal: AbortSignal,
): Promise<string> {
  // Ids and numbers: they need no quoting that could go wrong.
  const changes = Object.entries(toLabels(ownership))
    .map(([name, value]) => `LABEL ${name}="${value}"`)
    .join("\n");
  const source = Readable.from(files, { objectMode: false });
  const { stream, close } = await openStream(
    "import image",
    client.deadlines.capture,
    (abortSignal) =>
      client.docker.importImage(source, { fromSrc: "-", message: comment, changes, abortSignal }),
    signal,
  );
  try {
    let last = "";
    for await (const line of completeLines(stream)) {
      const said = understood(progress, JSON.parse(line), "import image");
      if (said.error) throw new EngineError("failed", said.error);
      last = said.status ?? last;
    }
    if (!/^sha256:[0-9a-f]{64}$/.test(last))
      throw new EngineError("unavailable", "The engine was cut off while it took an image in.");
    return last;
  } finally {
    close();
    source.destroy();
  }
}
