/** A persistent session's folders through everything that can become of it, by checksum; and archives that are interrupted. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { createSession } from "@/lib/sessions/create.server";
import { deleteSession } from "@/lib/sessions/delete.server";
import { execInSession } from "@/lib/sessions/exec.server";
import { moveToNewest } from "@/lib/sessions/move.server";
import { resumeSession } from "@/lib/sessions/resume.server";
import { stopSession } from "@/lib/sessions/stop.server";
import { getSession } from "@/lib/sessions/store.server";
import type { SessionWire } from "@/lib/sessions/wire";
import { setPersistence } from "@/lib/volumes/allow.server";
import { getPersisted } from "@/lib/volumes/store.server";
import { createDockerEngine } from "@/worker/containers/docker";
import { docker } from "@/worker/containers/docker/testing/engine";
import { type Engine, EngineError } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { previewSweep, sweepNow } from "@/worker/sweep/sweep";
import { tendSessions } from "@/worker/sweep/tend";
import { built, ended, operator, refresh } from "@/worker/testing/builds";
import { containersOf, startKiln, type TestKiln, volumesOf } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import { archiveSession } from "./archive";
import { collectArchives, measureVolumes, VolumeKeeper } from "./keeper";

const data = mkdtempSync(path.join(tmpdir(), "kiln-archives-"));
process.env.KILN_DATA_DIR = data;
const engine = createDockerEngine();
let kiln: TestKiln;
let worker: WorkerIdentity;
let slug: string;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker({ KILN_DATA_DIR: data });
  await setPersistence({ ...operator, role: "admin" }, { allowed: true });
  const snapshot = await built({
    files: [{ path: "/etc/passwd", content: "root:x:0:0::/:/bin/sh\ndev:x:1000:1000::/tmp:/bin/sh\n" }],
    setupScript: "mkdir /tmp/data && echo from the image > /tmp/data/seed",
    user: "dev",
    workdir: "/tmp",
    persistentPaths: ["/tmp/data", "/home/dev"],
  });
  expect(snapshot.failure).toBeNull();
  ({ slug } = snapshot);
  worker = await db().worker.findFirstOrThrow({ select: { id: true, hostId: true, name: true } });
});
afterAll(async () => {
  await kiln.cleanUp();
  rmSync(data, { recursive: true, force: true });
});

const start = async () => {
  const session = await createSession(operator, {
    profile: slug,
    version: 1,
    persistent: true,
    wait: "running",
    env: {},
  });
  expect(session.failure).toBeNull();
  return session;
};
const sh = async ({ id }: SessionWire, script: string) => {
  const { exitCode, stdout, stderr } = await execInSession(operator, id, {
    command: ["sh", "-c", script],
    timeoutSeconds: 20,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return stdout;
};
const became = ({ id }: SessionWire, status: SessionWire["status"]) =>
  until(`session ${id} to be ${status}`, async () => {
    const now = await getSession(id);
    return now.status === status ? now : null;
  });
const stop = async (session: SessionWire) => {
  await stopSession(operator, session.id);
  return became(session, "stopped");
};
const resume = async (session: SessionWire) => {
  await resumeSession(operator, session.id);
  return became(session, "running");
};
const tend = () => tendSessions(worker, engine, new Set());
const archives = () =>
  readdirSync(data).includes("archives") ? readdirSync(path.join(data, "archives")) : [];
const own = async ({ id }: SessionWire) =>
  (await volumesOf(kiln.installation)).filter((name) => name.includes(id));
const states = async ({ id }: SessionWire) => (await getPersisted(id)).volumes.map(({ state }) => state);
const archive = (session: SessionWire, on: Engine = engine) =>
  archiveSession(session.id, worker, on, new AbortController().signal);
/** Nobody has used it for long. */
const unused = ({ id }: SessionWire) =>
  db().$executeRaw`UPDATE sessions SET stopped_at = now() - interval '31 days' WHERE id = ${id}::uuid`;

/** Files of several kinds, modes and owners in both folders. */
const WRITE = `
head -c 300000 /dev/urandom > /tmp/data/random; mkdir -p /tmp/data/deep/er /home/dev/.config
echo deep > /tmp/data/deep/er/file; chmod 640 /tmp/data/deep/er/file; ln -s deep/er/file /tmp/data/link
echo mine > /home/dev/.config/own; chmod 700 /home/dev/.config; rm /tmp/data/seed; echo outside > /tmp/outside`;
/** What is in them, with modes, owners and times. */
const SUM = `cd / && find tmp/data home/dev -exec stat -c '%n %f %u %g %Y %N' {} + | sort; find tmp/data home/dev -type f -exec sha256sum {} + | sort`;

test("its folders come through everything that can become of it", async () => {
  let session = await start();
  expect(await sh(session, "cat /tmp/data/seed; id -un")).toBe("from the image\ndev\n");
  expect(await states(session)).toEqual(["live", "live"]);
  await sh(session, WRITE);
  const sum = await sh(session, SUM);
  const same = async (what: string) => expect(await sh(session, SUM), what).toBe(sum);

  session = await resume(await stop(session));
  await same("stopped and resumed");

  const newer = await ended(await refresh(slug));
  expect((await getPersisted(session.id)).newest).toMatchObject({ id: newer.id, number: newer.number });
  await moveToNewest(operator, session.id);
  const old = session.containerId;
  session = await became(session, "running");
  expect(session).toMatchObject({ snapshotId: newer.id, notice: null });
  expect(session.containerId).not.toBe(old);
  await same("moved");
  expect(await sh(session, "ls /tmp")).toBe("data\n");
  await until(
    "only the new one",
    async () => (await containersOf(kiln.installation, session.id)).length === 1,
  );

  await docker.getContainer(session.containerId!).remove({ force: true, v: true });
  await tend();
  session = await became(session, "running");
  expect(session.notice).toContain("another one was started");
  await same("its container was lost");

  await db()
    .$executeRaw`UPDATE sessions SET expires_at = now(), created_at = now() - interval '1 hour' WHERE id = ${session.id}::uuid`;
  await tend();
  session = await became(session, "expired");
  await docker.getContainer(session.containerId!).remove({ force: true, v: true });
  session = await resume(session);
  await same("expired, and its container lost meanwhile");

  session = await stop(session);
  await archive(session);
  expect(await states(session)).toEqual(["live", "live"]);
  await unused(session);
  await archive(session);
  expect(await states(session)).toEqual(["archived", "archived"]);
  expect(await own(session)).toEqual([]);
  expect(await containersOf(kiln.installation, session.id)).toEqual([]);
  expect(archives()).toHaveLength(2);
  await collectArchives();
  session = await resume(session);
  await same("archived and restored");
  expect(archives()).toEqual([]);

  await measureVolumes(worker, engine);
  expect((await getPersisted(session.id)).volumes[1]?.bytes).toBeGreaterThan(300_000);
  expect((await previewSweep(worker, engine)).filter(({ kind }) => kind !== "image")).toEqual([]);
  await expect(deleteSession(operator, session.id)).rejects.toMatchObject({ code: "confirmation_needed" });
  await deleteSession(operator, session.id, session.name);
  await until("its volumes to be gone", async () => (await own(session)).length === 0);
});

test("whatever interrupts an archive or a restoration, its files are there", async () => {
  let session = await start();
  await sh(session, WRITE);
  const sum = await sh(session, SUM);
  const broken = new EngineError("unavailable", "The engine went away.");
  const cut: Engine = {
    ...engine,
    async *exportFolder(...args) {
      for await (const piece of engine.exportFolder(...args)) {
        yield piece.subarray(0, 700);
        throw broken;
      }
    },
  };
  await unused(await stop(session));
  await expect(archive(session, cut)).rejects.toBe(broken);
  expect([await states(session), archives()]).toEqual([["live", "live"], []]);

  // The worker dies while it writes: the rows say so, and a part is left.
  const [volume] = await db().sessionVolume.findMany({ where: { sessionId: session.id } });
  await db().sessionVolume.update({
    where: { id: volume!.id },
    data: { state: "archiving", archiveFile: `${volume!.id}-dead.tar.gz` },
  });
  writeFileSync(path.join(data, "archives", `${volume!.id}-dead.tar.gz.part`), "half");
  await collectArchives();
  expect(archives()).toHaveLength(1);
  session = await resume(session);
  await collectArchives();
  expect([await sh(session, SUM), archives()]).toEqual([sum, []]);

  // It dies between the record and the removal of the volume: that is the sweep's.
  await unused(await stop(session));
  await expect(archive(session, { ...engine, removeVolume: () => Promise.reject(broken) })).rejects.toBe(
    broken,
  );
  await archive(session, { ...engine, removeVolume: () => Promise.reject(broken) }).catch((error: unknown) =>
    expect(error).toBe(broken),
  );
  expect([await states(session), (await own(session)).length]).toEqual([["archived", "archived"], 2]);
  expect((await sweepNow(worker, engine))?.filter(({ kind }) => kind === "volume")).toHaveLength(2);
  expect(await own(session)).toEqual([]);

  // An archive that isn't there, and one that isn't whole, fail the session; nothing of it goes, and it is tried again.
  const [name] = archives();
  const file = path.join(data, "archives", name!);
  const whole = readFileSync(file);
  for (const spoil of [() => rmSync(file), () => writeFileSync(file, whole.subarray(0, -20))]) {
    spoil();
    await resumeSession(operator, session.id);
    const failed = await became(session, "failed");
    expect(failed.failure?.message).toMatch(/isn't on the disk|can't be read/);
  }
  writeFileSync(file, whole);
  await sweepNow(worker, engine);
  session = await resume(session);
  expect([await sh(session, SUM), archives()]).toEqual([sum, []]);
  await deleteSession(operator, session.id, session.name);
});

test("an archive that is recorded stays, though the answer to that was lost", async () => {
  let session = await start();
  await sh(session, WRITE);
  const sum = await sh(session, SUM);
  await unused(await stop(session));
  // The first try to record each is done when its container goes; what the worker hears is the second one's answer.
  const record = async () => {
    for (const { id, archiveFile } of await db().sessionVolume.findMany({
      where: { sessionId: session.id, state: "archiving", archiveFile: { in: archives() } },
    })) {
      const bytes = readFileSync(path.join(data, "archives", archiveFile!));
      const archiveSha256 = createHash("sha256").update(bytes).digest("hex");
      await db().sessionVolume.update({
        where: { id },
        data: { ...{ state: "archived", archiveBytes: bytes.length, archiveSha256 }, archivedAt: new Date() },
      });
    }
  };
  await archive(session, {
    ...engine,
    removeContainer: (container) => record().then(() => engine.removeContainer(container)),
  });
  expect([await states(session), archives().length]).toEqual([["archived", "archived"], 2]);
  await sweepNow(worker, engine);
  session = await resume(session);
  expect(await sh(session, SUM)).toBe(sum);
  await deleteSession(operator, session.id, session.name);
});

test("what sessions hold is measured while an archive takes its time", async () => {
  const left = await start();
  await sh(left, WRITE);
  await unused(await stop(left));
  const used = await start();
  await db().sessionVolume.updateMany({ where: { sessionId: used.id }, data: { measuredAt: null } });
  const held = Promise.withResolvers<void>();
  let begun = false;
  const slow: Engine = {
    ...engine,
    async *exportFolder(...args) {
      begun = true;
      await held.promise;
      yield* engine.exportFolder(...args);
    },
  };
  const keeper = new VolumeKeeper(worker, slow, new AbortController().signal);
  keeper.tend(false);
  await until("an archive to begin", () => begun);
  keeper.tend(true);
  const unmeasured = { sessionId: used.id, measuredAt: null };
  await until("it to be measured", async () => (await db().sessionVolume.count({ where: unmeasured })) === 0);
  expect(await states(left)).toContain("archiving");
  held.resolve();
  await until("all of it to be archived", async () =>
    (await states(left)).every((state) => state === "archived"),
  );
  for (const session of [left, used]) await deleteSession(operator, session.id, session.name);
});

test("a move that comes to nothing leaves the session as it was", async () => {
  let session = await start();
  await sh(session, WRITE);
  const target = await ended(await refresh(slug));
  await docker.getImage(target.image!.id).remove({ force: true });
  await moveToNewest(operator, session.id);
  const before = session;
  session = await became(session, "running");
  expect(session).toMatchObject({ snapshotId: before.snapshotId, containerId: before.containerId });
  expect(session.notice).toContain(`couldn't be moved to #${target.number}: `);
  expect(await sh(session, "cat /tmp/outside /tmp/data/deep/er/file")).toBe("outside\ndeep\n");
  await deleteSession(operator, session.id, session.name);
});
