/** For tests: an installation of its own on the real engine, which leaves nothing behind. */
import { randomUUID } from "node:crypto";
import Docker from "dockerode";
import type { ContainerPlan, Engine, Ownership } from "../../types";
import { clientOptions } from "../connect";
import type { Deadlines } from "../deadline";
import { createDockerEngine } from "../index";
import { INSTALLATION_LABEL } from "../labels";

export const BUSYBOX = process.env.KILN_TEST_BUSYBOX_IMAGE ?? "kiln/test-base:busybox";
export const BOOKWORM = process.env.KILN_TEST_BASE_IMAGE ?? "kiln/base:bookworm";

/** The engine as nobody's wrapper shows it, to check what really is there. */
export const docker = new Docker(clientOptions(process.env.DOCKER_HOST));

export interface TestInstallation {
  installation: string;
  engine: Engine;
  own(changes?: Partial<Ownership>): Ownership;
  /** A plan for a busybox container that ends at once. */
  plan(changes?: Partial<ContainerPlan>): ContainerPlan;
  /** Creates from such a plan. */
  create(changes?: Partial<ContainerPlan>): Promise<string>;
  /** Creates and runs to its end; answers all that it said. */
  run(
    changes?: Partial<ContainerPlan>,
  ): Promise<{ id: string; exitCode: number; stdout: string; stderr: string }>;
  /** A reference to capture under. */
  reference(): string;
  cleanUp(): Promise<void>;
}

/** @param options address and deadlines of the engine under test */
export function testInstallation(
  options: { dockerHost?: string; deadlines?: Partial<Deadlines> } = {},
): TestInstallation {
  const installation = randomUUID();
  const engine = createDockerEngine(options);
  const own = (changes: Partial<Ownership> = {}): Ownership => ({
    installation,
    kind: "build",
    owner: randomUUID(),
    fence: 1,
    worker: "tester",
    ...changes,
  });
  const plan = (changes: Partial<ContainerPlan> = {}): ContainerPlan => ({
    name: `kiln-test-${randomUUID()}`,
    image: BUSYBOX,
    command: ["true"],
    env: {},
    workdir: "/",
    user: "root",
    limits: { cpus: 1, memoryMb: 64, pids: 64 },
    network: "none",
    ownership: own(),
    volatilePaths: [],
    ...changes,
  });
  const create = (changes: Partial<ContainerPlan> = {}) => engine.createContainer(plan(changes));
  return {
    installation,
    engine,
    own,
    plan,
    create,
    reference: () => `kiln-test/${installation}:${randomUUID()}`,
    run: async (changes = {}) => {
      const id = await create(changes);
      const output = await collect(engine.startAttached(id, new AbortController().signal));
      const { exitCode } = await engine.waitForExit(id, new AbortController().signal);
      return { id, exitCode, ...output };
    },
    cleanUp: () => removeEverything(installation),
  };
}

/** All output as text. */
export async function collect(
  output: AsyncIterable<{ stream: "stdout" | "stderr"; data: Uint8Array }>,
): Promise<{ stdout: string; stderr: string }> {
  const parts: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
  for await (const { stream, data } of output) parts[stream].push(Buffer.from(data));
  return { stdout: Buffer.concat(parts.stdout).toString(), stderr: Buffer.concat(parts.stderr).toString() };
}

/** By label, of this installation only. */
async function removeEverything(installation: string): Promise<void> {
  const filters = { label: [`${INSTALLATION_LABEL}=${installation}`] };
  for (const container of await docker.listContainers({ all: true, filters }))
    await docker.getContainer(container.Id).remove({ force: true, v: true });
  await removeImagesOf(installation);
}

/** All images of an installation, whatever names they have. */
export async function removeImagesOf(installation: string): Promise<void> {
  const filters = { label: [`${INSTALLATION_LABEL}=${installation}`] };
  // Children first: an image made later can be a child of one made earlier, within the same second, too.
  for (let left = await docker.listImages({ all: true, filters }); left.length > 0; ) {
    const removals = left.map((image) => docker.getImage(image.Id).remove({ force: true, noprune: true }));
    const failed = (await Promise.allSettled(removals)).filter((removal) => removal.status === "rejected");
    if (failed.length === left.length) throw new AggregateError(failed.map((removal) => removal.reason));
    left = await docker.listImages({ all: true, filters });
  }
}
