import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { tell } from "@/lib/channels/tell.server";
import type { ChannelEvent } from "@/lib/channels/wire";
import { db } from "@/lib/db/client.server";
import { createProfile } from "@/lib/profiles/create.server";
import { publishDraft } from "@/lib/profiles/draft.server";
import { setOwners } from "@/lib/profiles/owners.server";
import { tryDraft } from "@/lib/profiles/try.server";
import { setUserDisabled } from "@/lib/users/manage.server";
import { type Actor, type Role, systemActor } from "@/lib/users/roles";
import {
  claimBuild,
  finishFailed,
  finishReady,
  publishReady,
  requestRefresh,
} from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { makeUser, operator } from "@/prisma/factories/people";
import { makeProfile, makeSpec, type Published } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { countUnread, forgetInbox, listInbox, markRead } from "./store.server";
import { readWishes, setDefaults, subscribe, unsubscribe } from "./wishes.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});
beforeEach(async () => {
  await db().inboxMessage.deleteMany();
  await db().subscription.deleteMany();
});

const inbox = async (userId: string) => (await listInbox(userId, { limit: 50 })).items;
const eventsOf = async (userId: string) => (await inbox(userId)).map(({ event }) => event).toReversed();

async function refreshed({ profile }: Published, end: typeof finishReady): Promise<string> {
  const { snapshot } = await requestRefresh(profile.id);
  await end(await claimBuild(snapshot.id, worker));
  return snapshot.id;
}

async function owned(role: Role = "operator") {
  const owner = await makeUser(role);
  const published = await publishReady(worker);
  await setOwners(operator, published.profile.id, [owner.id]);
  return { owner, published };
}

const host = (events: ChannelEvent[], key: string) =>
  db().$transaction((tx) =>
    tell(tx, { names: events, key, profileId: null, payload: { summary: "Of a host.", data: {} } }),
  );

describe("without having asked", () => {
  it("an owner hears of failures and of the first success after them, once each", async () => {
    const { owner, published } = await owned();
    const stranger = await makeUser();
    for (const end of [finishReady, finishFailed, finishFailed, finishReady, finishReady])
      await refreshed(published, end);
    expect(await eventsOf(owner.id)).toEqual([
      "snapshot.first_failure",
      "snapshot.failed",
      "snapshot.recovered",
    ]);
    expect(await eventsOf(stranger.id)).toEqual([]);
    const [newest] = await inbox(owner.id);
    expect(newest).toMatchObject({
      summary: expect.stringContaining(`${published.profile.name} version 1 is ready again`),
      path: expect.stringMatching(/^\/snapshots\//),
      readAt: null,
    });
  });

  it("whoever makes a profile is its first owner; a token is nobody", async () => {
    const { id, name, role } = await makeUser();
    const actor: Actor = { kind: "user", id, name, role };
    const profile = await createProfile(actor, { name: "Mine", description: "", spec: makeSpec() });
    const { snapshot } = await publishDraft(actor, profile.id, { notes: "" });
    await finishFailed(await claimBuild(snapshot.id, worker));
    expect(await eventsOf(id)).toEqual(["snapshot.first_failure"]);
    const other = await createProfile(
      { ...actor, kind: "token" },
      { name: "A token’s", description: "", spec: makeSpec() },
    );
    expect(await db().profileOwner.count({ where: { profileId: other.id } })).toBe(0);
  });

  it("administrators hear of hosts, others don't, and the same twice is one message", async () => {
    const [admin, viewer] = [await makeUser("admin"), await makeUser("viewer")];
    await host(["disk.low"], "disk 1");
    await host(["disk.low"], "disk 1");
    await host(["secret.rotated"], "secret 1");
    expect(await eventsOf(admin.id)).toEqual(["disk.low"]);
    expect(await eventsOf(viewer.id)).toEqual([]);
  });

  it("nobody hears what they switched off, nor when they are disabled", async () => {
    const { owner, published } = await owned("admin");
    await setDefaults(owner.id, { owned: false, hosts: false });
    await refreshed(published, finishFailed);
    await host(["worker.gone"], "worker 1");
    expect(await eventsOf(owner.id)).toEqual([]);
    await setDefaults(owner.id, { owned: true });
    await makeUser("admin");
    await setUserDisabled(systemActor, owner.id, true);
    await refreshed(published, finishFailed);
    expect(await eventsOf(owner.id)).toEqual([]);
  });

  it("a try of a draft is nobody's news, and a transaction that fails tells nothing", async () => {
    const { id } = await makeUser();
    const profile = await makeProfile();
    await setOwners(operator, profile.id, [id]);
    await subscribe(id, { profiles: [], events: ["snapshot.ready", "snapshot.failed"] });
    const tried = await tryDraft(operator, profile.id, { keepOnFailure: false });
    await finishFailed(await claimBuild(tried.snapshot.id, worker));
    const undone = db().$transaction(async (tx) => {
      await tell(tx, {
        names: ["snapshot.failed"],
        key: "undone",
        profileId: profile.id,
        payload: { summary: "It never was.", data: {} },
      });
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect(await eventsOf(id)).toEqual([]);
  });
});

describe("subscriptions", () => {
  it("are to chosen profiles or to all, and an event is one message by the name that says most", async () => {
    const [all, one] = [await makeUser("viewer"), await makeUser("viewer")];
    const { owner, published } = await owned();
    const other = await publishReady(worker);
    await subscribe(all.id, {
      profiles: [],
      events: ["snapshot.ready", "snapshot.failed", "secret.rotated"],
    });
    await subscribe(one.id, { profiles: [published.profile.slug], events: ["snapshot.failed"] });
    await subscribe(owner.id, { profiles: [], events: ["snapshot.failed"] });
    await refreshed(published, finishFailed);
    await refreshed(other, finishFailed);
    await refreshed(other, finishReady);
    await host(["secret.rotated"], "secret 2");
    expect(await eventsOf(all.id)).toEqual([
      "snapshot.failed",
      "snapshot.failed",
      "snapshot.ready",
      "secret.rotated",
    ]);
    expect(await eventsOf(one.id)).toEqual(["snapshot.failed"]);
    expect(await eventsOf(owner.id)).toEqual(["snapshot.first_failure", "snapshot.failed"]);
  });

  it("to the same again change it, and go when they are taken back", async () => {
    const { owner, published } = await owned();
    const { id: profile, slug, name } = published.profile;
    await subscribe(owner.id, { profiles: [profile], events: ["snapshot.ready"] });
    await subscribe(owner.id, { profiles: [slug], events: ["snapshot.failed"] });
    await subscribe(owner.id, { profiles: [], events: ["disk.low"] });
    const { subscriptions, owns } = await readWishes(owner.id);
    expect(owns).toEqual({ profiles: [{ id: profile, slug, name }], count: 1 });
    expect(subscriptions).toMatchObject([
      { profile: { slug }, events: ["snapshot.failed"] },
      { profile: null, events: ["disk.low"] },
    ]);
    const [first] = subscriptions;
    const stranger = await makeUser();
    expect(await codeOf(unsubscribe(stranger.id, first?.id ?? ""))).toBe("not_found");
    await unsubscribe(owner.id, first?.id ?? "");
    expect((await readWishes(owner.id)).subscriptions).toHaveLength(1);
    expect(await codeOf(subscribe(owner.id, { profiles: ["nowhere"], events: ["snapshot.ready"] }))).toBe(
      "invalid_input",
    );
  });
});

describe("the inbox", () => {
  it("is counted, read by its owner only, paged, and forgotten after 90 days", async () => {
    const [admin, other] = [await makeUser("admin"), await makeUser("admin")];
    for (let each = 1; each <= 5; each += 1) await host(["disk.low"], `disk ${each}`);
    expect(await countUnread(admin.id)).toBe(5);
    const first = await listInbox(admin.id, { limit: 3 });
    const rest = await listInbox(admin.id, { limit: 3, cursor: first.nextCursor ?? "" });
    expect(new Set([...first.items, ...rest.items].map(({ id }) => id)).size).toBe(5);
    expect(rest.nextCursor).toBeNull();
    const ids = first.items.slice(0, 2).map(({ id }) => id);
    expect(await markRead(other.id, ids)).toBe(5);
    expect(await markRead(admin.id, ids)).toBe(3);
    const [read] = await inbox(admin.id);
    await markRead(admin.id, ids);
    expect((await inbox(admin.id))[0]).toEqual(read);
    expect(await markRead(admin.id)).toBe(0);
    expect(await countUnread(other.id)).toBe(5);
    await db()
      .$executeRaw`UPDATE inbox_messages SET created_at = now() - interval '91 days' WHERE user_id = ${other.id}::uuid`;
    await forgetInbox();
    expect([await countUnread(other.id), (await inbox(admin.id)).length]).toEqual([0, 5]);
  });
});
