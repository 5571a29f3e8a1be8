/** The container that a failed build left, as rows tell it; and when a cancellation was asked for and enforced. */
import { beforeAll, describe, expect, it } from "vitest";
import { answerCommand, claimCommand } from "@/lib/commands/run.server";
import { db } from "@/lib/db/client.server";
import { claimBuild, claimRefresh, publishReady, requestRefresh } from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { operator, otherOperator } from "@/prisma/factories/people";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { until } from "@/worker/testing/until";
import { cancelSnapshot } from "./cancel.server";
import { listUnenforced, recordEnforced } from "./enforced.server";
import { endSnapshot } from "./finish.server";
import { execInKept, releaseKept } from "./kept.server";
import { forgetKept, isKept, listKept, wantedContainer } from "./kept-record.server";
import { recordContainer } from "./progress.server";
import { refreshVersion } from "./request.server";
import { getSnapshot } from "./store.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeSessionWorker();
});

const failure = { code: "setup_failed" as const, message: "It failed.", step: "setup", exitCode: 7 };
const left = { containerId: "container", imageId: "sha256:1" };

/** A refresh that failed and left its container. */
async function failed() {
  const { profile } = await publishReady(worker);
  const { snapshot } = await refreshVersion(operator, {
    profile: profile.id,
    version: 1,
    trigger: "api",
    mode: "full",
    keepOnFailure: true,
  });
  const { claim } = await claimBuild(snapshot.id, worker);
  expect(await wantedContainer(claim, "setup")).toBeNull();
  await recordContainer(claim, "setup", "exited");
  expect(await wantedContainer(claim, "setup")).toBe("exited");
  expect(await wantedContainer(claim, "check")).toBeNull();
  expect(await endSnapshot({ claim }, { status: "failed", failure, kept: left }, [])).toBe(true);
  return getSnapshot(snapshot.id);
}

const exec = (id: string) => execInKept(operator, id, { command: ["ls"], timeoutSeconds: 5 });
const ours = async (id: string) =>
  (await listKept(worker.hostId)).find(({ snapshotId }) => snapshotId === id);

describe("a container that is kept", () => {
  it("is told with its time, and is explained by its row until it was removed", async () => {
    const { id, kept, finishedAt } = await failed();
    expect(kept?.gone).toBe(false);
    expect((Date.parse(kept?.until ?? "") - Date.parse(finishedAt ?? "")) / 1000).toBeCloseTo(900, -1);
    expect(await ours(id)).toMatchObject({ ...left, expired: false });
    expect(await isKept(id, left)).toBe(true);
    expect(await isKept(id, { ...left, containerId: "another" })).toBe(false);
    const now = await ours(id);
    if (now) await forgetKept(now);
    expect(await ours(id)).toBeUndefined();
    expect((await getSnapshot(id)).kept).toMatchObject({ gone: true });
  });

  it("takes commands as the profile's user, in its folder", async () => {
    const { id } = await failed();
    const asked = exec(id);
    const row = await until("the command", () =>
      db().sandboxCommand.findFirst({ where: { snapshotId: id, status: "queued" } }),
    );
    expect(await claimCommand(row.id)).toMatchObject({
      command: ["ls"],
      containerId: "container",
      spec: { user: "root", workdir: expect.any(String) },
    });
    const bytes = (text: string) => new TextEncoder().encode(text);
    await answerCommand(row.id, { exitCode: 2, stdout: bytes("a"), stderr: bytes("b"), truncated: false });
    expect(await asked).toEqual({ exitCode: 2, stdout: "a", stderr: "b", truncated: false });
    expect(await db().auditEntry.count({ where: { objectId: id, action: "snapshot.exec" } })).toBe(1);
  });

  it("is let go before its time: no command any more, and its host is told to sweep", async () => {
    const { id } = await failed();
    await releaseKept(otherOperator, id);
    expect(await codeOf(exec(id))).toBe("not_kept");
    expect(await codeOf(releaseKept(operator, id))).toBe("not_kept");
    expect((await ours(id))?.expired).toBe(true);
    expect(
      await db().sweep.count({ where: { hostId: worker.hostId, requestedBy: otherOperator.name } }),
    ).toBe(1);
    expect(await db().auditEntry.count({ where: { objectId: id, action: "snapshot.release" } })).toBe(1);
  });

  it("isn't there for a command when its time is over", async () => {
    const { id } = await failed();
    await db()
      .$executeRaw`UPDATE snapshots SET kept_until = now() - interval '1 second' WHERE id = ${id}::uuid`;
    expect(await codeOf(exec(id))).toBe("not_kept");
  });
});

it("nothing is kept of what nobody asked it of, nor of what was cancelled", async () => {
  const published = await publishReady(worker);
  const { claim } = await claimRefresh(published, worker);
  await recordContainer(claim, "setup", "exited");
  expect(await wantedContainer(claim, "setup")).toBeNull();
  await refreshVersion(operator, {
    profile: published.profile.id,
    version: 1,
    trigger: "manual",
    mode: "full",
    keepOnFailure: true,
  });
  expect(await wantedContainer(claim, "setup")).toBe("exited");
  await cancelSnapshot(operator, claim.snapshotId);
  expect(await wantedContainer(claim, "setup")).toBeNull();
  expect(await codeOf(exec(claim.snapshotId))).toBe("not_kept");
});

it("a command is of one sandbox: of a session or of a snapshot", async () => {
  const row = { command: ["true"], timeoutSeconds: 1, requestedBy: "x" };
  await expect(db().sandboxCommand.create({ data: row })).rejects.toThrow("session_commands_one_place");
});

describe("a cancellation has two times", () => {
  it("both at once for what nobody had begun", async () => {
    const { snapshot } = await publishProfile();
    const cancelled = await cancelSnapshot(operator, snapshot.id);
    expect(cancelled.cancelEnforcedAt).not.toBeNull();
    expect(cancelled).toMatchObject({ status: "cancelled", cancelRequestedBy: operator.name });
  });

  it("asked, and then enforced by the worker that had it", async () => {
    const { snapshot } = await publishProfile();
    const { claim } = await claimBuild(snapshot.id, worker);
    const asked = await cancelSnapshot(operator, snapshot.id);
    expect(asked).toMatchObject({ status: "running", cancelEnforcedAt: null });
    await endSnapshot({ claim }, { status: "cancelled", by: operator.name, enforced: true }, []);
    const ended = await getSnapshot(snapshot.id);
    expect(ended.cancelRequestedAt).toBe(asked.cancelRequestedAt);
    expect(ended.cancelEnforcedAt).toBe(ended.finishedAt);
    expect(Date.parse(ended.cancelEnforcedAt ?? "")).toBeGreaterThanOrEqual(
      Date.parse(ended.cancelRequestedAt ?? ""),
    );
  });

  it("asked, and enforced later where the one who ended it couldn't tell", async () => {
    const { profile } = await publishReady(worker);
    const { snapshot } = await requestRefresh(profile.id);
    const { claim } = await claimBuild(snapshot.id, worker);
    await cancelSnapshot(operator, snapshot.id);
    await endSnapshot({ claim }, { status: "cancelled", by: operator.name }, []);
    expect((await getSnapshot(snapshot.id)).cancelEnforcedAt).toBeNull();
    expect(await listUnenforced(worker.hostId)).toContainEqual({ id: snapshot.id, containers: [] });
    await recordEnforced([snapshot.id]);
    const { cancelEnforcedAt } = await getSnapshot(snapshot.id);
    expect(cancelEnforcedAt).not.toBeNull();
    await recordEnforced([snapshot.id]);
    expect((await getSnapshot(snapshot.id)).cancelEnforcedAt).toBe(cancelEnforcedAt);
    expect(await listUnenforced(worker.hostId)).toEqual([]);
  });
});
