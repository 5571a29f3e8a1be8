/** What workers that died leave of tries, kept containers and cancelled builds, on a real engine: explained, then gone. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { tryDraft } from "@/lib/profiles/try.server";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import type { ClaimedSnapshot } from "@/lib/snapshots/claim.server";
import { endSnapshot } from "@/lib/snapshots/finish.server";
import { recordImage } from "@/lib/snapshots/progress.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { claimBuild } from "@/prisma/factories/builds";
import { operator } from "@/prisma/factories/people";
import { makeProfile } from "@/prisma/factories/profiles";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { captureComment } from "@/worker/build-snapshot/plan";
import { testInstallation } from "@/worker/containers/docker/testing/engine";
import type { Ownership } from "@/worker/containers/types";
import { containersOf, imagesOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { previewSweep, sweep, tend } from "./sweep";

const { engine, plan, run, cleanUp: removeForeign } = testInstallation();
let kiln: TestKiln;
let worker: TestWorker;
/** An exited container, of another installation, to capture images from. */
let source: string;
const nothing = new Set<string>();

beforeAll(async () => {
  kiln = await startKiln();
  worker = await makeWorker(await engine.identify());
  source = (await run()).id;
});
afterAll(async () => {
  await kiln.cleanUp();
  await removeForeign();
});

async function trying(): Promise<ClaimedSnapshot> {
  const profile = await makeProfile();
  const { snapshot } = await tryDraft(operator, profile.id, { keepOnFailure: true });
  return claimBuild(snapshot.id, worker);
}

const ours = ({ claim }: ClaimedSnapshot, kind: Ownership["kind"]): Ownership => ({
  installation: kiln.installation,
  kind,
  owner: claim.snapshotId,
  ...(kind === "snapshot" ? {} : { fence: claim.fence, worker: claim.workerId }),
});

async function captured(claimed: ClaimedSnapshot, reference: string | null): Promise<string> {
  const base = { command: null, entrypoint: null, user: "" };
  const ownership = ours(claimed, "snapshot");
  return (await engine.capture(source, { reference, base, ownership, comment: captureComment(1) })).id;
}

async function running(claimed: ClaimedSnapshot, kind: Ownership["kind"], image?: string): Promise<string> {
  const id = await engine.createContainer(
    plan({ command: ["sleep", "1000"], ownership: ours(claimed, kind), ...(image ? { image } : {}) }),
  );
  await engine.start(id);
  return id;
}

const containers = async ({ claim }: ClaimedSnapshot) =>
  (await containersOf(kiln.installation, claim.snapshotId)).map(({ id }) => id);
const images = ({ claim }: ClaimedSnapshot) => imagesOf(kiln.installation, claim.snapshotId);
const failure = { code: "setup_failed" as const, message: "It failed.", step: "setup", exitCode: 1 };

test("the image of a try: needed while it is built, nobody's when it is ready", async () => {
  const claimed = await trying();
  const reference = `kiln/test-try:${randomUUID()}`;
  const id = await captured(claimed, reference);
  await recordImage(claimed.claim, { id, reference, sizeBytes: 1 });
  await sweep(worker, engine, nothing);
  expect(await images(claimed)).toEqual([id]);
  expect(await endSnapshot({ claim: claimed.claim }, { status: "ready" }, [])).toBe(true);
  const planned = await previewSweep(worker, engine);
  expect(planned.find((item) => item.id === id)?.reason).toMatch(/was a try, which keeps no image$/);
  await sweep(worker, engine, nothing);
  expect(await images(claimed)).toEqual([]);
  expect((await getSnapshot(claimed.claim.snapshotId)).status).toBe("ready");
});

test("a kept container: explained by the claim, then by the row, and gone after its time", async () => {
  const claimed = await trying();
  const { claim } = claimed;
  const imageId = await captured(claimed, null);
  const containerId = await running(claimed, "kept", imageId);
  await sweep(worker, engine, nothing);
  expect(await containers(claimed)).toEqual([containerId]);
  await endSnapshot({ claim }, { status: "failed", failure, kept: { containerId, imageId } }, []);
  await sweep(worker, engine, nothing);
  expect([await containers(claimed), await images(claimed)]).toEqual([[containerId], [imageId]]);
  await db().snapshot.update({ where: { id: claim.snapshotId }, data: { keptUntil: new Date(0) } });
  await tend(worker, engine, nothing);
  expect([await containers(claimed), await images(claimed)]).toEqual([[], []]);
  expect((await getSnapshot(claim.snapshotId)).kept?.gone).toBe(true);
});

test("one of a worker that died before it wrote it down goes with the next sweep", async () => {
  const claimed = await trying();
  const imageId = await captured(claimed, null);
  await running(claimed, "kept", imageId);
  await endSnapshot({ claim: claimed.claim }, { status: "failed", failure }, []);
  await sweep(worker, engine, nothing);
  expect([await containers(claimed), await images(claimed)]).toEqual([[], []]);
});

test("a cancelled build whose worker died: enforced when its container is gone, and told so", async () => {
  const claimed = await trying();
  const id = claimed.claim.snapshotId;
  await running(claimed, "build");
  await cancelSnapshot(operator, id);
  await endSnapshot({ claim: claimed.claim }, { status: "cancelled", by: operator.name }, []);
  expect((await getSnapshot(id)).cancelEnforcedAt).toBeNull();
  await tend(worker, engine, nothing);
  expect(await containers(claimed)).toEqual([]);
  expect((await getSnapshot(id)).cancelEnforcedAt).not.toBeNull();
});
