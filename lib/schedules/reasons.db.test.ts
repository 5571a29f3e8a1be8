import { beforeAll, beforeEach, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { createSecret, rotateSecret } from "@/lib/secrets/change.server";
import { takeSecrets } from "@/lib/secrets/take.server";
import { claimBuild, finishFailed, finishReady, publishReady } from "@/prisma/factories/builds";
import { nextNumber } from "@/prisma/factories/numbers";
import { operator } from "@/prisma/factories/people";
import { type Published, publishNext, publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { setBackground } from "./background.server";
import { refreshForReason } from "./reasons.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});
beforeEach(async () => {
  // Each test has what is switched on to itself.
  await db().profile.updateMany({ data: { refreshOnSecret: false, refreshAfterDays: null } });
});

const queuedOf = ({ profile }: Published) =>
  db().snapshot.findFirst({
    where: { profileId: profile.id, status: "queued" },
    select: { id: true, trigger: true },
  });

/** Ends what waits. */
async function end(published: Published, how: typeof finishReady, secrets: string[] = []): Promise<void> {
  const queued = await queuedOf(published);
  const claimed = await claimBuild(queued?.id ?? "", worker);
  if (secrets.length > 0) await takeSecrets(claimed.claim, secrets);
  await how(claimed);
}

const age = ({ profile }: Published, days: number) =>
  db().$executeRaw`
    UPDATE snapshots SET finished_at = now() - make_interval(days => ${days}::int), queued_at = now() - make_interval(days => ${days}::int)
    WHERE profile_id = ${profile.id}::uuid`;

it("a rotated secret: once for each rotation, also when that fails, and only where it is switched on", async () => {
  const name = `KEY_${nextNumber()}`;
  await createSecret(operator, { name, value: "first value of it" });
  const published = await publishProfile({ secrets: [name] });
  await end(published, finishReady, [name]);
  await rotateSecret(operator, { name, value: "second value of it" });
  expect(await refreshForReason()).toBeNull();
  await updateProfile(operator, published.profile.id, { refreshOnSecret: true });
  expect(await refreshForReason()).toBe("secret_rotated");
  expect(await queuedOf(published)).toMatchObject({ trigger: "secret_rotated" });
  expect(await refreshForReason()).toBeNull();
  await end(published, finishFailed, [name]);
  expect(await refreshForReason()).toBeNull();
  await rotateSecret(operator, { name, value: "third value of it" });
  expect(await refreshForReason()).toBe("secret_rotated");
  await end(published, finishReady, [name]);
  expect(await refreshForReason()).toBeNull();
});

it("an old snapshot: when it is older than that, and again after a day when that failed", async () => {
  const published = await publishReady(worker);
  await updateProfile(operator, published.profile.id, { refreshAfterDays: 7 });
  await age(published, 6);
  expect(await refreshForReason()).toBeNull();
  await age(published, 8);
  expect(await refreshForReason()).toBe("age");
  await end(published, finishFailed);
  expect(await refreshForReason()).toBeNull();
  await age(published, 8);
  expect(await refreshForReason()).toBe("age");
  await end(published, finishReady);
  expect(await refreshForReason()).toBeNull();
});

it("isn't done for what is pinned, archived, superseded, fails all the time, or while everything is paused", async () => {
  const published = await publishReady(worker);
  const { id } = published.profile;
  await updateProfile(operator, id, { refreshAfterDays: 1 });
  await age(published, 2);
  const isAsked = async () => {
    const reason = await refreshForReason();
    if (reason) await db().snapshot.deleteMany({ where: { profileId: id, trigger: "age" } });
    return reason !== null;
  };
  const set = async (change: () => Promise<unknown>, back: () => Promise<unknown>) => {
    await change();
    expect(await isAsked()).toBe(false);
    await back();
    expect(await isAsked()).toBe(true);
  };
  await set(
    () => db().version.updateMany({ where: { profileId: id }, data: { pinned: true } }),
    () => db().version.updateMany({ where: { profileId: id }, data: { pinned: false } }),
  );
  await set(
    () => updateProfile(operator, id, { archived: true }),
    () => updateProfile(operator, id, { archived: false }),
  );
  await set(
    () => setBackground(operator, { paused: true, reason: "moving" }),
    () => setBackground(operator, { paused: false, reason: "" }),
  );
  const { snapshot } = await publishNext(id);
  await finishReady(await claimBuild(snapshot.id, worker));
  expect(await isAsked()).toBe(false);
});
