/** For tests: everything that the engine tells of a build's containers, their commands and its images while it runs. */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { z } from "zod";
import { docker } from "@/worker/containers/docker/testing/engine";

const commandMade = z.object({ Actor: z.object({ Attributes: z.object({ execID: z.string() }) }) });
const refusal = z.object({ statusCode: z.number() });

export interface EngineAnswers {
  /** Asks for all that is there now. */
  look(): Promise<void>;
  /** Asks for each command as soon as it is made: it is there for some milliseconds. @returns what ends that */
  watchCommands(): Promise<() => Promise<void>>;
  /** How many there were of a kind. */
  count(kind: "container" | "exec" | "image"): number;
  /** All answers as one text. */
  text(): string;
}

/** @param owner the snapshot's id */
export function engineAnswers(owner: string): EngineAnswers {
  const filters = { label: [`dev.kiln.owner=${owner}`] };
  const seen = {
    container: new Map<string, string>(),
    exec: new Map<string, string>(),
    image: new Map<string, string>(),
  };
  const note = (kind: keyof typeof seen, id: string, answers: unknown[]) => {
    const text = JSON.stringify(answers);
    if (!seen[kind].get(id)?.includes(text)) seen[kind].set(id, `${seen[kind].get(id) ?? ""}${text}`);
  };
  return {
    look: async () => {
      for (const { Id } of await docker.listContainers({ all: true, filters }))
        await unlessGone(async () => {
          const container = await docker.getContainer(Id).inspect();
          note("container", Id, [container]);
          for (const exec of container.ExecIDs ?? [])
            await unlessGone(async () => note("exec", exec, [await docker.getExec(exec).inspect()]));
        });
      for (const { Id } of await docker.listImages({ all: true, filters }))
        await unlessGone(async () => {
          const image = docker.getImage(Id);
          note("image", Id, [await image.inspect(), await image.history()]);
        });
    },
    watchCommands: async () => {
      const events = await docker.getEvents({ filters: { ...filters, event: ["exec_create"] } });
      const over = new AbortController();
      const lines = createInterface({ input: events, signal: over.signal });
      const watching = (async () => {
        for await (const line of lines) {
          const { execID } = commandMade.parse(JSON.parse(line)).Actor.Attributes;
          await unlessGone(async () => note("exec", execID, [await docker.getExec(execID).inspect()]));
        }
      })();
      return async () => {
        over.abort();
        if (events instanceof Readable) events.destroy();
        await watching;
      };
    },
    count: (kind) => seen[kind].size,
    text: () =>
      Object.values(seen)
        .flatMap((answers) => [...answers.values()])
        .join("\n"),
  };
}

/** It went away between two questions. */
async function unlessGone(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    const { data } = refusal.safeParse(error);
    if (data?.statusCode !== 404 && data?.statusCode !== 409) throw error;
  }
}
