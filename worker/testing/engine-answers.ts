/** For tests: everything that the engine tells of a build's containers, their commands and its images while it runs. */
import { z } from "zod";
import { docker } from "@/worker/containers/docker/testing/engine";

const refusal = z.object({ statusCode: z.number() });

export interface EngineAnswers {
  /** Asks for all that is there now. */
  look(): Promise<void>;
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
