import { beforeAll, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { claimBuild, finishReady } from "@/prisma/factories/builds";
import { sessionJobsOf } from "@/prisma/factories/jobs";
import { publishProfile } from "@/prisma/factories/profiles";
import { makeSession, startSandbox } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { listRunningContainers, stopOverDisk } from "./disk-limit.server";
import { getSession } from "./store.server";

useSuiteDatabase();
const MIB = 1_048_576;
let worker: TestWorker;
let profile: string;
beforeAll(async () => {
  worker = await makeSessionWorker();
  const published = await publishProfile({ resources: { diskMb: 64 } });
  await finishReady(await claimBuild(published.snapshot.id, worker));
  profile = published.profile.id;
});

/** Runs for so many minutes. */
async function running(minutes: number) {
  const { id } = await makeSession(profile);
  const containerId = await startSandbox(id, worker);
  await db()
    .$executeRaw`UPDATE sessions SET started_at = now() - make_interval(mins => ${minutes}::int) WHERE id = ${id}::uuid`;
  return { id, containerId };
}

it("one that has written too much is stopped with a reason, and its job is there", async () => {
  const session = await running(6);
  expect(await listRunningContainers(worker.hostId)).toContainEqual(session);
  const jobs = (await sessionJobsOf(worker.hostId, session.id)).length;
  expect(await stopOverDisk(worker.hostId, session, 64 * MIB)).toBe(false);
  expect(await stopOverDisk(worker.hostId, session, 64 * MIB + 1)).toBe(true);
  expect(await getSession(session.id)).toMatchObject({
    status: "stopping",
    notice: expect.stringContaining("it has written 65 MB, and may write 64 MB. Nothing was deleted."),
  });
  expect(await sessionJobsOf(worker.hostId, session.id)).toHaveLength(jobs + 1);
  expect(await stopOverDisk(worker.hostId, session, 70 * MIB)).toBe(false);
  expect(await listRunningContainers(worker.hostId)).not.toContainEqual(session);
});

it("one that has just been started or resumed has time to make room", async () => {
  const session = await running(4);
  expect(await stopOverDisk(worker.hostId, session, 70 * MIB)).toBe(false);
  expect(await getSession(session.id)).toMatchObject({ status: "running", notice: null });
});

it("a look at a container that isn't its own any more stops nothing", async () => {
  const { id } = await running(6);
  expect(await stopOverDisk(worker.hostId, { id, containerId: "an older one" }, 70 * MIB)).toBe(false);
  expect((await getSession(id)).status).toBe("running");
});
