/** Persistent sessions without an engine: who may start, move, archive and delete them, and what happens at once. */
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { createSession } from "@/lib/sessions/create.server";
import { deleteSession } from "@/lib/sessions/delete.server";
import { moveToNewest } from "@/lib/sessions/move.server";
import { abandonMove, commitMove } from "@/lib/sessions/moved.server";
import { deleteForgotten, moveSession, readSessionPlan } from "@/lib/sessions/progress.server";
import { resumeSession } from "@/lib/sessions/resume.server";
import { stopSession } from "@/lib/sessions/stop.server";
import { getSession } from "@/lib/sessions/store.server";
import { claimBuild, claimRefresh, finishReady, publishReady } from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { operator } from "@/prisma/factories/people";
import { publishProfile } from "@/prisma/factories/profiles";
import { startSandbox } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { setPersistence } from "./allow.server";
import {
  abandonArchive,
  beginArchive,
  listDueArchives,
  neededArchives,
  recordArchived,
} from "./archive.server";
import { beginRestore, claimVolumes, endRestore, recordUsed } from "./mount.server";
import { readVolumeNeeds, recordVolumeSizes, stopOverfull } from "./progress.server";
import { getPersisted } from "./store.server";

useSuiteDatabase();
const admin = { ...operator, role: "admin" as const };
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeSessionWorker();
});

const spec = { persistentPaths: ["/data"], resources: { diskMb: 64 } };
const start = (profile: string, version?: number) =>
  createSession(operator, { profile, version, persistent: true, env: {} });

/** A profile that keeps a folder, with a ready snapshot. */
async function publishKeeping() {
  const published = await publishProfile(spec);
  await finishReady(await claimBuild(published.snapshot.id, worker));
  return published;
}

/** A persistent session that runs, and its one volume. */
async function running() {
  await setPersistence(admin, { allowed: true });
  const published = await publishKeeping();
  const { profile } = published;
  const { id, name } = await start(profile.id);
  const container = await startSandbox(id, worker);
  await recordUsed(id);
  const [volume] = await claimVolumes(id);
  return { id, name, container, volume: volume!, published };
}

/** One that nobody has used for long. */
async function unused() {
  const made = await running();
  await stopSession(operator, made.id);
  await moveSession(made.id, "stopped");
  await db()
    .$executeRaw`UPDATE sessions SET stopped_at = now() - interval '40 days' WHERE id = ${made.id}::uuid`;
  return made;
}
const facts = { bytes: 7, sha256: "f00" };
const stateOf = async (id: string) => (await getPersisted(id)).volumes[0]?.state;

describe("starting one", () => {
  it("takes an administrator's leave and a version that names folders", async () => {
    await setPersistence(admin, { allowed: false });
    const { profile } = await publishKeeping();
    const other = await publishReady(worker);
    expect(await codeOf(start(profile.id))).toBe("persistent_not_allowed");
    await setPersistence(admin, { allowed: true });
    expect(await codeOf(start(other.profile.id))).toBe("no_persistent_paths");
    const session = await start(profile.id);
    expect(session).toMatchObject({ persistent: true, status: "queued" });
    const usual = await createSession(operator, { profile: profile.id, env: {} });
    expect(usual.persistent).toBe(false);
    expect(await codeOf(getPersisted(usual.id))).toBe("not_persistent");
    expect(await getPersisted(session.id)).toMatchObject({
      volumes: [{ path: "/data", state: "new", bytes: null }],
      limitBytes: 64 * 1_048_576,
      archivesAt: null,
      newest: null,
    });
  });
});

describe("moving one", () => {
  it("names the snapshot; the session is from it when a container of it runs", async () => {
    const { id, container, published } = await running();
    expect(await codeOf(moveToNewest(operator, id))).toBe("newest_already");
    const newer = await claimRefresh(published, worker);
    await finishReady(newer);
    const to = newer.claim.snapshotId;
    expect((await getPersisted(id)).newest?.id).toBe(to);
    const before = await getSession(id);
    expect(await moveToNewest(operator, id)).toMatchObject({
      status: "resuming",
      snapshotId: before.snapshotId,
    });
    expect(await codeOf(moveToNewest(operator, id))).toBe("not_movable");
    expect((await readSessionPlan(id))?.movingTo?.snapshotId).toBe(to);
    expect(await commitMove(id, { to, from: "another", containerId: "new" })).toBe(false);
    expect(await commitMove(id, { to, from: container, containerId: "new" })).toBe(true);
    expect(await commitMove(id, { to, from: container, containerId: "late" })).toBe(false);
    expect(await getSession(id)).toMatchObject({ status: "running", snapshotId: to, containerId: "new" });
  });

  it("isn't for one that is being stopped; one that is stopped meanwhile isn't moved", async () => {
    const { id, container, published } = await running();
    const newer = await claimRefresh(published, worker);
    await finishReady(newer);
    const to = newer.claim.snapshotId;
    await stopSession(operator, id);
    expect(await codeOf(moveToNewest(operator, id))).toBe("not_movable");
    await moveSession(id, "stopped");
    const both = await Promise.allSettled([moveToNewest(operator, id), resumeSession(operator, id)]);
    expect(both[1].status).toBe("fulfilled");
    await stopSession(operator, id);
    expect(await commitMove(id, { to, from: container, containerId: "new" })).toBe(false);
    expect((await getPersisted(id)).movingTo).toBeNull();
    await moveSession(id, "stopped");
    await resumeSession(operator, id);
    expect((await readSessionPlan(id))?.movingTo).toBeNull();
  });

  it("that is stopped on its way holds the newer snapshot no longer", async () => {
    const { id, published } = await running();
    await finishReady(await claimRefresh(published, worker));
    await moveToNewest(operator, id);
    await stopSession(operator, id);
    await moveSession(id, "stopped");
    expect((await readSessionPlan(id))?.movingTo).toBeNull();
  });

  it("that comes to nothing says why, and it is resumed as it was", async () => {
    const { id, container, published } = await running();
    const newer = await claimRefresh(published, worker);
    await finishReady(newer);
    await moveToNewest(operator, id);
    expect(await abandonMove(id, newer.claim.snapshotId, "No.")).toBe(true);
    expect(await getSession(id)).toMatchObject({ status: "resuming", containerId: container, notice: "No." });
  });
});

describe("archiving one", () => {
  it("is due after so many days, and never deletes it", async () => {
    const { id } = await unused();
    await deleteForgotten(worker.hostId);
    expect(await getSession(id)).toMatchObject({ status: "stopped", keptUntil: null });
    expect(await listDueArchives(worker.hostId, worker.id)).toContain(id);
    const recent = await running();
    expect(await listDueArchives(worker.hostId, worker.id)).not.toContain(recent.id);
    expect(await beginArchive(recent.id, worker.id)).toBeNull();
  });

  it("needs its volume until the archive is recorded, and its archive until the volume is", async () => {
    const { id, volume } = await unused();
    const task = (await beginArchive(id, worker.id))!.volumes[0]!;
    expect(await getSession(id)).toMatchObject({ containerId: null });
    expect((await readVolumeNeeds([volume.volume])).get(volume.volume)).toBeNull();
    expect((await neededArchives([task.file])).has(task.file)).toBe(true);
    expect(await recordArchived(task, facts)).toBe(true);
    expect((await readVolumeNeeds([volume.volume])).get(volume.volume)).toContain("archive");
    expect(await beginRestore(id, volume.id)).toBeNull();
    await resumeSession(operator, id);
    await moveSession(id, "starting", { workerId: worker.id });
    const first = (await beginRestore(id, volume.id))!;
    const second = (await beginRestore(id, volume.id))!;
    expect([first.file, second.sha256]).toEqual([task.file, "f00"]);
    expect((await readVolumeNeeds([first.volume])).has(first.volume)).toBe(false);
    expect(await endRestore(first)).toBe(false);
    expect((await neededArchives([task.file])).size).toBe(1);
    expect(await endRestore(second)).toBe(true);
    // Its answer may have been lost.
    expect(await endRestore(second)).toBe(true);
    expect((await neededArchives([task.file])).size).toBe(0);
    expect((await readVolumeNeeds([second.volume])).get(second.volume)).toBeNull();
  });

  it("gives way to whoever takes it up, and to another worker's try", async () => {
    const { id } = await unused();
    const first = (await beginArchive(id, worker.id))!.volumes[0]!;
    const second = (await beginArchive(id, worker.id))!.volumes[0]!;
    expect(await recordArchived(first, facts)).toBe(false);
    await abandonArchive(first);
    expect(await stateOf(id)).toBe("archiving");
    await resumeSession(operator, id);
    await claimVolumes(id);
    expect(await recordArchived(second, facts)).toBe(false);
    expect(await stateOf(id)).toBe("live");
    expect((await neededArchives([first.file, second.file])).size).toBe(0);
  });

  it("beside its deletion leaves nothing", async () => {
    const { id, name, volume } = await unused();
    const task = (await beginArchive(id, worker.id))!.volumes[0]!;
    await Promise.all([recordArchived(task, facts), deleteSession(operator, id, name)]);
    expect((await neededArchives([task.file])).size).toBe(0);
    expect((await readVolumeNeeds([volume.volume])).get(volume.volume)).toBe("its session is deleted");
  });
});

describe("one that holds too much", () => {
  it("is stopped with a reason, and has some minutes after it is resumed", async () => {
    const { id, volume } = await running();
    await recordVolumeSizes(worker.hostId, new Map([[volume.volume, 65 * 1_048_576]]));
    expect(await stopOverfull(worker.hostId)).not.toContain(id);
    await db()
      .$executeRaw`UPDATE sessions SET started_at = now() - interval '6 minutes' WHERE id = ${id}::uuid`;
    expect(await stopOverfull(worker.hostId)).toContain(id);
    expect(await getSession(id)).toMatchObject({
      status: "stopping",
      notice: expect.stringContaining("hold 65 MB, and may hold 64 MB"),
    });
  });
});

describe("deleting one", () => {
  it("takes its name", async () => {
    const { id, name } = await running();
    expect(await codeOf(deleteSession(operator, id))).toBe("confirmation_needed");
    expect(await codeOf(deleteSession(operator, id, `${name} `))).toBe("confirmation_needed");
    await deleteSession(operator, id, name);
    expect(await codeOf(getSession(id))).toBe("not_found");
  });

  it("is the only end: after a failure it can be tried again, with its files", async () => {
    const { id, volume } = await running();
    await moveSession(id, "failed", { failure: { code: "start_failed", message: "No." } });
    expect((await readVolumeNeeds([volume.volume])).get(volume.volume)).toBeNull();
    expect(await resumeSession(operator, id)).toMatchObject({ status: "queued", failure: null });
  });
});
