import { createHmac } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { createProfile } from "@/lib/profiles/create.server";
import { setBackground } from "@/lib/schedules/background.server";
import { refreshForReason } from "@/lib/schedules/reasons.server";
import { claimBuild, finishReady, publishReady } from "@/prisma/factories/builds";
import { nextNumber } from "@/prisma/factories/numbers";
import { operator } from "@/prisma/factories/people";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { receiveHook } from "./receive.server";
import { createHook, deleteHook, listHooks } from "./store.server";
import type { MadeHookWire } from "./wire";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

const tokenOf = ({ path }: MadeHookWire) => path.split("/").at(-1) ?? "";
const push = (hook: MadeHookWire, text = `push ${nextNumber()}`, key = hook.signingKey) => {
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const headers = new Headers({ "x-hub-signature-256": `sha256=${signature}` });
  return receiveHook(tokenOf(hook), headers, async () => Buffer.from(text));
};

it("refreshes what sessions start from, says who asked, and takes a message once", async () => {
  const { profile } = await publishReady(worker);
  const hook = await createHook(operator, profile.slug, { name: "forge" });
  const text = `push ${nextNumber()}`;
  const answers = await Promise.all(Array.from({ length: 5 }, () => push(hook, text)));
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(["queued", ...Array(4).fill("repeated")]);
  const [queued] = await db().snapshot.findMany({ where: { profileId: profile.id, status: "queued" } });
  expect(queued).toMatchObject({ trigger: "hook", requestedByName: "hook forge" });
  expect(await push(hook)).toMatchObject({ outcome: "joined", snapshot: { id: queued?.id } });
  expect((await listHooks(profile.slug)).items).toMatchObject([{ name: "forge", lastOutcome: "joined" }]);
});

it("is refused without its key, and when it is deleted; what is refused wasn't taken", async () => {
  const { profile } = await publishReady(worker);
  const hook = await createHook(operator, profile.slug, { name: "forge" });
  const text = `push ${nextNumber()}`;
  await expect(push(hook, text, "whsec_AAAA")).rejects.toMatchObject({
    status: 401,
    code: "wrong_signature",
  });
  expect(await push(hook, text)).toMatchObject({ outcome: "queued" });
  // While it is deleted, too: a message is taken or refused.
  const late = push(hook);
  await deleteHook(operator, profile.slug, hook.id);
  const [end] = await Promise.allSettled([late]);
  if (end.status === "rejected") expect(end.reason).toMatchObject({ status: 404 });
  await expect(push(hook)).rejects.toMatchObject({ status: 404 });
});

it("one that falls on a running build is followed by another, and so is one while everything is paused", async () => {
  const { profile } = await publishReady(worker);
  const hook = await createHook(operator, profile.slug, { name: "forge" });
  const { snapshot } = await push(hook);
  const running = await claimBuild(snapshot?.id ?? "", worker);
  expect(await push(hook)).toMatchObject({ outcome: "waits", snapshot: null });
  expect(await push(hook)).toMatchObject({ outcome: "waits", snapshot: null });
  expect(await refreshForReason()).toBeNull();
  await finishReady(running);
  expect(await refreshForReason()).toBe("hook");
  const next = await db().snapshot.findFirstOrThrow({ where: { profileId: profile.id, status: "queued" } });
  expect(next).toMatchObject({ trigger: "hook", requestedByName: "hook forge" });
  await finishReady(await claimBuild(next.id, worker));
  expect(await refreshForReason()).toBeNull();

  await setBackground(operator, { paused: true, reason: "moving" });
  expect(await push(hook)).toMatchObject({ outcome: "waits", reason: expect.stringContaining("moving") });
  expect(await refreshForReason()).toBeNull();
  await setBackground(operator, { paused: false, reason: "" });
  expect(await refreshForReason()).toBe("hook");
  expect(await refreshForReason()).toBeNull();
});

it("does nothing for a ping, and for a profile that has published nothing", async () => {
  const { profile } = await publishReady(worker);
  const hook = await createHook(operator, profile.slug, { name: "forge" });
  const text = '{"zen":"Keep it logically awesome."}';
  const signature = createHmac("sha256", hook.signingKey).update(text).digest("hex");
  const headers = new Headers({ "x-hub-signature-256": `sha256=${signature}`, "x-github-event": "ping" });
  expect(await receiveHook(tokenOf(hook), headers, async () => Buffer.from(text))).toMatchObject({
    outcome: "ignored",
  });
  expect(await db().snapshot.count({ where: { profileId: profile.id, trigger: "hook" } })).toBe(0);
  const unpublished = await createProfile(operator, { name: `Tools ${nextNumber()}`, description: "" });
  expect(await push(await createHook(operator, unpublished.slug, { name: "forge" }))).toMatchObject({
    outcome: "ignored",
    reason: expect.stringContaining("published"),
  });
  const unknown = receiveHook("no-such-token", headers, async () => {
    throw new Error("The body of a message to nobody was read.");
  });
  await expect(unknown).rejects.toMatchObject({ status: 404 });
});
