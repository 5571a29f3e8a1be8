/** What the engine says about itself and what it can do. */

import type Docker from "dockerode";
import { z } from "zod";
import type { EngineIdentity } from "@/lib/hosts/identity";
import { understood } from "./answers";
import type { Client, EngineFacts } from "./client";
import type { Deadlines } from "./deadline";
import { get } from "./get";

const infoAnswer = z.object({
  ID: z.string(),
  Name: z.string(),
  ServerVersion: z.string(),
  DockerRootDir: z.string().default(""),
  NCPU: z.number().positive(),
  Runtimes: z.record(z.string(), z.unknown()).nullish(),
  Plugins: z.object({ Log: z.array(z.string()).nullish() }).nullish(),
});

const versionAnswer = z.object({
  Components: z.array(z.object({ Name: z.string() })).nullish(),
});

/** Asks `/info` and `/version`. */
export async function readFacts(docker: Docker, deadlines: Deadlines): Promise<EngineFacts> {
  const [info, version] = await Promise.all([
    get(docker, "/info", deadlines.quick).then((answer) => understood(infoAnswer, answer, "info")),
    get(docker, "/version", deadlines.quick).then((answer) => understood(versionAnswer, answer, "version")),
  ]);
  const podman = version.Components?.some((component) => component.Name.startsWith("Podman")) ?? false;
  return {
    // Podman makes up a new id for each answer.
    id: podman ? `podman:${info.Name}:${info.DockerRootDir}` : info.ID,
    name: info.Name,
    version: info.ServerVersion,
    dataRoot: info.DockerRootDir,
    cpus: info.NCPU,
    logDrivers: info.Plugins?.Log ?? [],
    runtimes: Object.keys(info.Runtimes ?? {}).sort(),
  };
}

/** Who the engine says it is, asked anew: so it is also how to find out whether it is there. */
export async function identify(client: Client): Promise<EngineIdentity> {
  const { id, name, version, dataRoot } = await readFacts(client.docker, client.deadlines);
  return { id, name, version, dataRoot };
}

/** Does the engine still answer? @throws EngineError `unavailable` when it doesn't. */
export async function ping(docker: Docker, deadlines: Deadlines): Promise<void> {
  await get(docker, "/_ping", deadlines.quick);
}
