import { beforeAll, expect, it } from "vitest";
import { listHosts } from "@/lib/hosts/store.server";
import { moveStep } from "@/lib/snapshots/progress.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { claimBuild, claimRefresh, finishReady } from "@/prisma/factories/builds";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { forgetLayers, keepLayer, useLayers } from "./store.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

it("says whose result it is: the number alone where the profile is the same, else with its name", async () => {
  const { hostId } = worker;
  const published = await publishProfile();
  const made = await claimBuild(published.snapshot.id, worker);
  expect(await keepLayer(made.claim, { hostId, key: "k1", imageId: "sha256:one", step: "setup:1" })).toBe(
    true,
  );
  await finishReady(made);

  const next = await claimRefresh(published, worker);
  const own = { key: "k1", imageId: "sha256:one", number: made.number, profile: null };
  expect(await useLayers(hostId, ["k1", "k2"], next.claim.snapshotId)).toEqual([own]);

  const other = await claimBuild((await publishProfile()).snapshot.id, worker);
  const [kept] = await useLayers(hostId, ["k1"], other.claim.snapshotId);
  expect(kept).toEqual({ ...own, profile: published.profile.name });
  await moveStep(other.claim, "setup", {
    status: "done",
    firstLine: 1,
    reusedFrom: made.number,
    reusedProfile: published.profile.name,
  });
  expect((await getSnapshot(other.claim.snapshotId)).steps).toContainEqual(
    expect.objectContaining({ name: "setup", reusedFrom: 1, reusedProfile: published.profile.name }),
  );
});

it("counts what is kept on each host", async () => {
  const other = await makeWorker();
  const made = await claimBuild((await publishProfile()).snapshot.id, other);
  for (const key of ["a", "b"])
    await keepLayer(made.claim, { hostId: other.hostId, key, imageId: `sha256:${key}`, step: "setup" });
  const count = async () => (await listHosts()).find(({ id }) => id === other.hostId)?.stepResults;
  expect(await count()).toBe(2);
  await forgetLayers(other.hostId, ["sha256:a"]);
  expect(await count()).toBe(1);
});
