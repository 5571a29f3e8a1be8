import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { claimBuild } from "@/prisma/factories/builds";
import { makeUser } from "@/prisma/factories/people";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { announceGone } from "./gone.server";
import { beat, recordDisk, setWorkerStatus } from "./store.server";

useSuiteDatabase();
const GIB = 1024 ** 3;
let adminId: string;
beforeAll(async () => {
  adminId = (await makeUser("admin")).id;
});
beforeEach(async () => {
  await db().inboxMessage.deleteMany();
});
const heard = async () =>
  (
    await db().inboxMessage.findMany({
      where: { userId: adminId },
      orderBy: { id: "asc" },
      select: { event: true, payload: true },
    })
  ).map(({ event, payload }) => ({ event, payload }));

describe("a disk that runs low", () => {
  const measure = ({ hostId }: TestWorker, freeGib: number | null) =>
    recordDisk(hostId, {
      dataRoot: "/var/lib/docker",
      freeBytes: freeGib === null ? null : Math.round(freeGib * GIB),
      totalBytes: 100 * GIB,
    });

  it("is told once a crossing; one that hovers about the floor, or that nobody sees, is no other", async () => {
    const worker = await makeWorker();
    for (const free of [50, 1.5, 1.2, 2.1, 1.9, null, 1]) await measure(worker, free);
    expect(await heard()).toMatchObject([
      {
        event: "disk.low",
        payload: { summary: expect.stringContaining("1.5 GB free, 2 GB needed"), data: { path: "/hosts" } },
      },
    ]);
    for (const free of [2.3, 0.5]) await measure(worker, free);
    expect(await heard()).toHaveLength(2);
  });

  it("by many measurements at once is told once", async () => {
    const worker = await makeWorker();
    await Promise.all([1, 1.1, 1.2, 1.3, 1.4].map((free) => measure(worker, free)));
    expect(await heard()).toHaveLength(1);
  });
});

describe("a worker that is gone", () => {
  const silent = ({ id }: TestWorker, seconds = 60) =>
    db()
      .$executeRaw`UPDATE workers SET seen_at = now() - make_interval(secs => ${seconds}::int) WHERE id = ${id}::uuid`;

  it("is told once by all that look, says whether its builds go on, and again only when it was back", async () => {
    const engine = crypto.randomUUID();
    const [gone, other] = [await makeWorker(engine), await makeWorker(engine)];
    await silent(gone, 20);
    expect(await announceGone()).toBe(0);
    await silent(gone);
    const found = await Promise.all([announceGone(), announceGone(), announceGone()]);
    expect(found.reduce((sum, each) => sum + each, 0)).toBe(1);
    expect(await heard()).toMatchObject([
      {
        event: "worker.gone",
        payload: {
          summary: expect.stringMatching(new RegExp(`^The worker ${gone.name} on .* Its builds go on`)),
          data: { worker: { id: gone.id }, otherWorkers: 1 },
        },
      },
    ]);
    await beat(gone.id);
    await beat(other.id);
    expect(await announceGone()).toBe(0);
    await silent(gone);
    expect(await announceGone()).toBe(1);
    expect(await heard()).toHaveLength(2);
  });

  it("was the only one of its host: it says what waits", async () => {
    const gone = await makeWorker();
    const { snapshot } = await publishProfile();
    await claimBuild(snapshot.id, gone);
    await silent(gone);
    await announceGone();
    expect(await heard()).toMatchObject([
      {
        payload: { summary: expect.stringContaining("1 build waits for a worker"), data: { buildsLeft: 1 } },
      },
    ]);
  });

  it("said goodbye, or that it is leaving: nothing is told", async () => {
    for (const status of ["draining", "stopped"] as const) {
      const worker = await makeWorker();
      await setWorkerStatus(worker.id, status);
      await silent(worker);
    }
    expect(await announceGone()).toBe(0);
    expect(await heard()).toEqual([]);
  });
});
