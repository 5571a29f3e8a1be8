/** A worker that is told what to run its containers with: all of them, or it doesn't start. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { listHosts } from "@/lib/hosts/store.server";
import { getSession } from "@/lib/sessions/store.server";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import { makeSession } from "@/prisma/factories/sessions";
import { docker } from "@/worker/containers/docker/testing/engine";
import { built, ended, logged, operator, publish } from "@/worker/testing/builds";
import { containersOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
let runtimes: string[];
beforeAll(async () => {
  kiln = await startKiln();
  runtimes = Object.keys((await docker.info()).Runtimes).sort();
});
afterAll(() => kiln.cleanUp());

const runtimeOf = async (owner: string) => {
  const [container] = await containersOf(kiln.installation, owner);
  return (await docker.getContainer(container!.id).inspect()).HostConfig.Runtime;
};

test("a name that the engine doesn't know ends the worker, which lists those that it does", async () => {
  await expect(kiln.startWorker({ KILN_CONTAINER_RUNTIME: "no-such-runtime" })).rejects.toThrow(
    `KILN_CONTAINER_RUNTIME is “no-such-runtime”, and the container engine has no runtime of that name. It has: ${runtimes.join(", ")}.`,
  );
});

test("builds, checks and sessions run with it, and the hosts' list names it", async () => {
  // Engines offer runc under a second name, or at least under its own.
  const runtime = runtimes.includes("io.containerd.runc.v2") ? "io.containerd.runc.v2" : "runc";
  await kiln.startWorker({ KILN_CONTAINER_RUNTIME: runtime });
  expect((await listHosts()).flatMap(({ workers }) => workers.map((worker) => worker.runtime))).toContain(
    runtime,
  );
  for (const part of [{ setupScript: "echo here; sleep 1000" }, { check: "echo here; sleep 1000" }]) {
    const { snapshotId } = await publish(part);
    await logged(snapshotId, "here");
    expect(await runtimeOf(snapshotId)).toBe(runtime);
    await cancelSnapshot(operator, snapshotId);
    await ended(snapshotId);
  }
  const { profileId } = await built({ setupScript: "true" });
  const { id } = await makeSession(profileId);
  await until("the session to run", async () => (await getSession(id)).status === "running");
  expect(await runtimeOf(id)).toBe(runtime);
});
