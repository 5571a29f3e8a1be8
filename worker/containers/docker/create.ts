/** Making a container from a plan. */
import { type ContainerPlan, EngineError } from "../types";
import type { Client } from "./client";
import { withDeadline } from "./deadline";
import { toEnv } from "./env";
import { isEngineError } from "./errors";
import { hostConfig } from "./hardening";
import { inspectImage } from "./images";
import { inspectContainer } from "./inspect";
import { parseContainerOwnership, toLabels } from "./labels";
import { removeContainer } from "./remove";

/** Creates without starting; answers the id. A container of the same name is replaced if it is this installation's. */
export async function createContainer(client: Client, plan: ContainerPlan): Promise<string> {
  if (plan.command.length === 0) throw new EngineError("failed", "A container needs a command.");
  const [facts, image] = await Promise.all([client.facts(), inspectImage(client, plan.image)]);
  const body = {
    Image: plan.image,
    // All of it as the entrypoint, and no command: so neither the image's entrypoint nor its command counts,
    // and a commit can replace both (an empty one there falls back on the container's).
    Entrypoint: plan.command,
    Env: toEnv(plan.env),
    WorkingDir: plan.workdir,
    // Where nobody says otherwise root is meant. Leaving it empty then lets a commit leave it empty, too.
    User: plan.user === "root" && image.user === "" ? "" : plan.user,
    Labels: toLabels(plan.ownership),
    OpenStdin: plan.takesInput ?? false,
    // Its end is that of whoever gives it: nothing can be written into it afterwards.
    StdinOnce: plan.takesInput ?? false,
    Tty: false,
    HostConfig: hostConfig(plan, facts, client.runtime),
  };
  try {
    return await create(client, plan.name, body);
  } catch (error) {
    if (!isEngineError(error, "conflict")) throw error;
    await removeIfOurs(client, plan, error);
    return await create(client, plan.name, body);
  }
}

async function create(client: Client, name: string, body: object): Promise<string> {
  // dockerode would otherwise write all of the body, the environment too, into the address as well.
  const options = { _query: { name }, _body: body };
  const container = await withDeadline("create container", client.deadlines.slow, (abortSignal) =>
    client.docker.createContainer({ ...options, abortSignal }),
  );
  return container.id;
}

/** @throws the conflict itself when the name is somebody else's. */
async function removeIfOurs(client: Client, plan: ContainerPlan, conflict: EngineError): Promise<void> {
  try {
    const found = await inspectContainer(client, plan.name);
    const owner = parseContainerOwnership(found.Config.Labels);
    if (owner?.installation !== plan.ownership.installation) throw conflict;
    // By id: by now the name may be another's.
    await removeContainer(client, found.Id);
  } catch (error) {
    // It went away by itself: the name is free.
    if (!isEngineError(error, "not_found")) throw error;
  }
}
