/** The container of a failed step, kept by a real worker: what is in it, how it is used, and that it goes. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { createProfile } from "@/lib/profiles/create.server";
import { type SpecInput, specSchema } from "@/lib/profiles/spec";
import { tryDraft } from "@/lib/profiles/try.server";
import { createSecret } from "@/lib/secrets/change.server";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import { execInKept, releaseKept } from "@/lib/snapshots/kept.server";
import { refreshVersion } from "@/lib/snapshots/request.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { openTerminal } from "@/lib/terminals/open.server";
import { listTerminals } from "@/lib/terminals/store.server";
import { codeOf } from "@/prisma/factories/errors";
import { makeTokenActor } from "@/prisma/factories/people";
import { BUSYBOX, docker } from "@/worker/containers/docker/testing/engine";
import { built, ended, forgeSpec, logged, operator, storedLines } from "@/worker/testing/builds";
import { containersOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { unexplained } from "@/worker/testing/left";
import { TerminalClient } from "@/worker/testing/terminal-client";
import { until } from "@/worker/testing/until";
import type { WorkerProcess } from "@/worker/testing/worker-process";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
});
afterAll(() => kiln.cleanUp());

const small = { resources: { cpus: 1, memoryMb: 128, pids: 64 }, network: "none" as const };
const patient = { KILN_KEEP_SECONDS: "600", KILN_SWEEP_SECONDS: "2" };
const endAll = () => Promise.all(kiln.workers.map((worker) => worker.kill()));
/** Most tests share one; those with another, or that end it, leave the next one to start it anew. */
async function patientWorker(): Promise<WorkerProcess> {
  return kiln.workers.find(({ running }) => running) ?? kiln.startWorker(patient);
}

let count = 0;
async function tryOf(parts: Partial<SpecInput>): Promise<string> {
  count += 1;
  const spec = specSchema.parse({ baseImage: BUSYBOX, ...small, ...parts });
  const profile = await createProfile(operator, { name: `Kept ${count}`, description: "", spec });
  return (await tryDraft(operator, profile.id, { keepOnFailure: true })).snapshot.id;
}

const run = async (id: string, ...command: string[]) =>
  execInKept(operator, id, { command, timeoutSeconds: 30 });
const wordsOf = async (id: string) => (await storedLines(id)).map(({ text }) => text).join("\n");
const nothingLeft = ({ id }: Pick<SnapshotWire, "id">) =>
  until("nothing to be left of it", async () => (await unexplained(kiln.installation, id)).length === 0);

test("a shell in it is its user's, in its folder; it ends when the container is removed", async () => {
  await patientWorker();
  const id = await tryOf({
    setupScript: "echo half > /half\nexit 3\n",
    env: { COLOUR: "ember" },
    workdir: "/work",
  });
  await ended(id);
  const { actor, credential } = await makeTokenActor();
  const open = () => openTerminal(actor, { kind: "snapshot", id }, credential, {});
  const { ticket, terminal } = await open();
  const { gateway } = await db().worker.findFirstOrThrow({
    where: { gateway: { not: null } },
    orderBy: { id: "desc" },
  });
  const client = await TerminalClient.open(`ws://${gateway}/`, ticket);
  client.type('echo "[$(pwd)] [$COLOUR] [$(cat /half)]"\r');
  await client.sees("[/work] [ember] [half]");
  expect(await listTerminals({ kind: "snapshot", id }, actor.id)).toMatchObject([{ id: terminal }]);
  await releaseKept(operator, id);
  expect(await until("the shell to end", () => client.end)).toMatchObject({
    code: "session_ended",
    message: "The failed step’s container was kept for a while, and is removed now.",
  });
  expect(await codeOf(open())).toBe("not_kept");
  await nothingLeft({ id });
});

test("a step that fails leaves its files, its user, its folder and its limits; removing it leaves nothing", async () => {
  await patientWorker();
  const id = await tryOf({
    setupScript: "echo first > /first\n## step: Second\necho half > /half\nexit 3\n",
    env: { COLOUR: "ember" },
    workdir: "/work",
  });
  const failed = await ended(id);
  expect(failed).toMatchObject({ status: "failed", failure: { step: "setup:2" }, kept: { gone: false } });
  expect(await wordsOf(id)).toContain("Keeping the container for 10 minutes");

  expect(await run(id, "cat", "/first", "/half")).toMatchObject({ exitCode: 0, stdout: "first\nhalf\n" });
  const where = await run(id, "sh", "-c", "pwd; echo $COLOUR; id -un; ls /run/kiln; exit 5");
  expect(where).toMatchObject({ exitCode: 5, stdout: "/work\nember\nroot\n" });
  const [container] = await containersOf(kiln.installation, id);
  const { HostConfig } = await docker.getContainer(container?.id ?? "").inspect();
  expect(HostConfig).toMatchObject({
    Memory: 128 * 1024 * 1024,
    PidsLimit: 64,
    NetworkMode: "none",
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges"],
  });

  await releaseKept(operator, id);
  expect(await codeOf(run(id, "true"))).toBe("not_kept");
  await nothingLeft(failed);
  await until("the row to say so", async () => (await getSnapshot(id)).kept?.gone === true);
});

test("it goes by itself when its time is over", async () => {
  await endAll();
  await kiln.startWorker({ ...patient, KILN_KEEP_SECONDS: "2" });
  const id = await tryOf({ setupScript: "exit 3" });
  const failed = await ended(id);
  expect(failed.kept).not.toBeNull();
  await nothingLeft(failed);
  await until("the row to say so", async () => (await getSnapshot(id)).kept?.gone === true);
  expect((await getSnapshot(id)).kept?.until).toBe(failed.kept?.until);
  expect(await codeOf(run(id, "true"))).toBe("not_kept");
  await endAll();
});

test("it outlives its worker, and goes after all workers were restarted", async () => {
  const first = await patientWorker();
  const id = await tryOf({ setupScript: "echo here > /here; exit 3" });
  const failed = await ended(id);
  await first.kill();
  const second = await kiln.startWorker(patient);
  // Its first sweep is its first act.
  expect(await run(id, "cat", "/here")).toMatchObject({ stdout: "here\n" });
  await second.kill();
  await db().$executeRaw`UPDATE snapshots SET kept_until = now() WHERE id = ${id}::uuid`;
  expect(await containersOf(kiln.installation, id)).toHaveLength(1);
  await kiln.startWorker(patient);
  await nothingLeft(failed);
});

test("a check that fails leaves its container, and a refresh can ask for it, too", async () => {
  await patientWorker();
  const { slug } = await built({ setupScript: "echo made > /made" });
  await forgeSpec(slug, { check: "echo checked > /checked; exit 9" });
  const { snapshot } = await refreshVersion(operator, {
    profile: slug,
    version: 1,
    trigger: "api",
    mode: "full",
    keepOnFailure: true,
  });
  expect(await ended(snapshot.id)).toMatchObject({
    failure: { code: "check_failed" },
    kept: { gone: false },
  });
  expect(await run(snapshot.id, "cat", "/made", "/checked")).toMatchObject({ stdout: "made\nchecked\n" });
  await releaseKept(operator, snapshot.id);
  await nothingLeft(snapshot);
});

test("a script that wrote a secret down and failed leaves nothing, and the log says where it was", async () => {
  await createSecret(operator, { name: "TOKEN", value: "s3cret-0123456789" });
  await patientWorker();
  const id = await tryOf({ setupScript: 'echo "$TOKEN" > /leaked; exit 3', secrets: ["TOKEN"] });
  const failed = await ended(id);
  expect(failed).toMatchObject({ failure: { code: "setup_failed", exitCode: 3 }, kept: null });
  expect(await wordsOf(id)).toContain("The container could not be kept: The secret TOKEN is in");
  await nothingLeft(failed);

  const clean = await ended(await tryOf({ setupScript: 'test -n "$TOKEN"; exit 3', secrets: ["TOKEN"] }));
  expect(clean.kept).not.toBeNull();
  const looked = await run(clean.id, "sh", "-c", 'env; ls -A /run/secrets; echo "[$TOKEN]"');
  expect(looked.stdout).not.toContain("s3cret");
  expect(looked.stdout).toContain("[]");
  await releaseKept(operator, clean.id);
  await nothingLeft(clean);
});

test("a build that is cancelled, or fails before a container ran, leaves none", async () => {
  await patientWorker();
  const cancelled = await tryOf({ setupScript: "echo started; sleep 1000" });
  await logged(cancelled, "started");
  await cancelSnapshot(operator, cancelled);
  expect(await ended(cancelled)).toMatchObject({ status: "cancelled", kept: null });
  await nothingLeft({ id: cancelled });
  const early = await ended(await tryOf({ baseImage: "kiln/nowhere:1", setupScript: "true" }));
  expect(early).toMatchObject({ failure: { code: "base_image_unavailable" }, kept: null });
  await nothingLeft(early);
});
