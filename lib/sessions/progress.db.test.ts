/** What a worker writes down of a session after a look that may be old, or after a start that was ended: only what holds still. */
import { beforeAll, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { publishReady } from "@/prisma/factories/builds";
import { operator } from "@/prisma/factories/people";
import { makeRunningSession, makeSession } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { startAnew } from "./anew.server";
import { extendSession } from "./extend.server";
import { moveSession, readSessionPlan, stopDue } from "./progress.server";
import { stopSession } from "./stop.server";
import { getSession } from "./store.server";

useSuiteDatabase();
let worker: TestWorker;
let profile: string;
beforeAll(async () => {
  worker = await makeSessionWorker();
  profile = (await publishReady(worker)).profile.id;
});

const failure = { code: "start_failed", message: "Its container is gone." };

it("a start that fails because it is being stopped is no failure", async () => {
  const { id } = await makeSession(profile);
  await moveSession(id, "starting", { workerId: worker.id });
  await stopSession(operator, id);
  expect(await moveSession(id, "failed", { by: worker.id, failure })).toBe(false);
  expect(await getSession(id)).toMatchObject({ status: "stopping", failure: null });
});

it("one that has another container by now, or is being stopped, doesn't fail for the one that was seen", async () => {
  const { id } = await makeRunningSession(profile, worker);
  const { containerId } = await getSession(id);
  const seen = { status: "running", containerId } as const;
  expect(await moveSession(id, "failed", { seen: { ...seen, containerId: "before" }, failure })).toBe(false);
  await stopSession(operator, id);
  expect(await moveSession(id, "failed", { seen, failure })).toBe(false);
  expect(await moveSession(id, "failed", { seen: { ...seen, status: "stopping" }, failure })).toBe(true);
});

it("one that is being moved neither starts anew nor runs on in its old container", async () => {
  const { id } = await makeRunningSession(profile, worker);
  const { containerId, snapshotId } = await getSession(id);
  const data = { persistent: true, movingToId: snapshotId, status: "resuming" } as const;
  await db().session.update({ where: { id }, data });
  expect(await startAnew(id, containerId ?? "", "Its container was gone.")).toBe(false);
  expect(await moveSession(id, "running")).toBe(false);
  expect(await getSession(id)).toMatchObject({ status: "resuming", containerId });
});

it("one is stopped when its time is up, and not once it is kept longer", async () => {
  const { id } = await makeRunningSession(profile, worker);
  const expire = () => db().session.update({ where: { id }, data: { expiresAt: new Date(0) } });
  await expire();
  await extendSession(operator, id, 1);
  expect(await stopDue(id)).toBe(false);
  await expire();
  expect(await stopDue(id)).toBe(true);
  expect(await readSessionPlan(id)).toMatchObject({ status: "stopping", stopReason: "expired" });
});

it("a command that was lost with its worker keeps it no longer than it could have run", async () => {
  const { id } = await makeRunningSession(profile, worker);
  await updateProfile(operator, profile, { sessionIdleMinutes: 15 });
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  await db().session.update({ where: { id }, data: { startedAt: ago(600) } });
  const asked = { command: ["sleep"], timeoutSeconds: 3_600, requestedBy: operator.name };
  const command = await db().sandboxCommand.create({
    data: { sessionId: id, ...asked, status: "running", createdAt: ago(70) },
  });
  expect(await stopDue(id)).toBe(false);
  await db().sandboxCommand.update({ where: { id: command.id }, data: { createdAt: ago(76) } });
  expect(await stopDue(id)).toBe(true);
});

it("one that nobody uses is stopped, and not once somebody has used it", async () => {
  const { id } = await makeRunningSession(profile, worker);
  await updateProfile(operator, profile, { sessionIdleMinutes: 15 });
  const startedAt = new Date(Date.now() - 20 * 60_000);
  await db().session.update({ where: { id }, data: { startedAt } });
  const asked = { command: ["true"], timeoutSeconds: 5, requestedBy: operator.name };
  const command = await db().sandboxCommand.create({ data: { sessionId: id, ...asked } });
  expect(await stopDue(id)).toBe(false);
  await db().sandboxCommand.delete({ where: { id: command.id } });
  expect(await stopDue(id)).toBe(true);
  const notice = "Stopped after 15 min without use.";
  expect(await getSession(id)).toMatchObject({ status: "stopping", notice });
  expect(await readSessionPlan(id)).toMatchObject({ stopReason: null });
});
