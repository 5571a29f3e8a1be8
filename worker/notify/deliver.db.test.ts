import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createChannel,
  deleteChannel,
  listDeliveries,
  redeliver,
  testChannel,
} from "@/lib/channels/store.server";
import { type ChannelEvent, channelInputSchema } from "@/lib/channels/wire";
import { db } from "@/lib/db/client.server";
import { updateProfile } from "@/lib/profiles/update.server";
import type { Actor } from "@/lib/users/roles";
import {
  claimBuild,
  finishFailed,
  finishReady,
  publishReady,
  requestRefresh,
} from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { type Published, publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { deliverNext } from "./deliver";

useSuiteDatabase();
process.env.NEXTAUTH_URL = "http://kiln.test";
const admin: Actor = { kind: "user", id: null, name: "Ada Admin", role: "admin" };

/** A receiver that answers as the test says, and remembers what it had. */
interface Had {
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}
let had: Had[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const ok = (_: IncomingMessage, response: ServerResponse) => response.end("thanks");
const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (piece: string) => {
    body += piece;
  });
  request.on("end", () => {
    had.push({ path: request.url ?? "", headers: request.headers, body });
    answer(request, response);
  });
});
let base = "";
let worker: TestWorker;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  worker = await makeWorker();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  had = [];
  answer = ok;
});
afterEach(async () => {
  await db().channel.deleteMany();
});

const make = (events: ChannelEvent[], parts: object = {}) =>
  createChannel(
    admin,
    channelInputSchema.parse({
      kind: "webhook",
      name: "CI",
      url: `${base}/hook`,
      events,
      allowPrivate: true,
      ...parts,
    }),
  );
const deliveries = async () => (await listDeliveries({ limit: 50 })).items;
async function deliverAll(): Promise<void> {
  while (await deliverNext());
}
/** As if its time had come. */
const comeDue = () =>
  db().$executeRaw`UPDATE deliveries SET next_at = next_at - interval '1 day' WHERE status = 'pending'`;

async function refreshed({ profile }: Published, end: typeof finishReady): Promise<void> {
  const { snapshot } = await requestRefresh(profile.id);
  await end(await claimBuild(snapshot.id, worker));
}

describe("what is sent", () => {
  it("is signed, says what happened, and is sent once", async () => {
    const published = await publishReady(worker);
    const { signingKey } = await make(["snapshot.failed"]);
    await refreshed(published, finishFailed);
    await deliverAll();
    expect(had).toHaveLength(1);
    const { headers, body, path } = had[0] as Had;
    expect(path).toBe("/hook");
    const said = JSON.parse(body);
    expect(said).toMatchObject({
      type: "snapshot.failed",
      url: expect.stringMatching(/^http:\/\/kiln\.test\/snapshots\//),
      summary: expect.stringContaining(`#2 of ${published.profile.name} version 1 failed`),
      data: {
        version: 1,
        profile: { slug: published.profile.slug },
        snapshot: { number: 2, status: "failed" },
      },
    });
    const [id, at] = [headers["webhook-id"], headers["webhook-timestamp"]];
    const key = Buffer.from((signingKey ?? "").replace("whsec_", ""), "base64");
    const expected = createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
    expect(Math.abs(Number(at) - Date.now() / 1_000)).toBeLessThan(60);
    expect(await deliveries()).toMatchObject([
      { id, status: "sent", attempts: 1, lastStatus: 200, lastError: null },
    ]);
    await deliverAll();
    expect(had).toHaveLength(1);
  });

  it("is one message for one end, by the name that says most of those chosen", async () => {
    const published = await publishReady(worker);
    await make(["snapshot.ready", "snapshot.failed", "snapshot.first_failure", "snapshot.recovered"]);
    await make(["snapshot.ready", "snapshot.failed"], { url: `${base}/plain` });
    await make(["snapshot.recovered"], { url: `${base}/recovered` });
    for (const end of [finishFailed, finishFailed, finishReady, finishReady]) {
      await refreshed(published, end);
      await deliverAll();
    }
    const typesAt = (path: string) =>
      had.filter((each) => each.path === path).map(({ body }) => JSON.parse(body).type);
    expect(typesAt("/hook")).toEqual([
      "snapshot.first_failure",
      "snapshot.failed",
      "snapshot.recovered",
      "snapshot.ready",
    ]);
    expect(typesAt("/plain")).toEqual([
      "snapshot.failed",
      "snapshot.failed",
      "snapshot.ready",
      "snapshot.ready",
    ]);
    expect(typesAt("/recovered")).toEqual(["snapshot.recovered"]);
  });

  it("is a sentence to Slack, whose address nobody is shown", async () => {
    await make(["snapshot.ready"], { kind: "slack", url: `${base}/services/T0/B0/key` });
    const { profile, snapshot } = await publishProfile();
    await updateProfile(admin, profile.id, { name: "<b> &" });
    await finishReady(await claimBuild(snapshot.id, worker));
    await deliverAll();
    expect(had).toMatchObject([{ path: "/services/T0/B0/key" }]);
    const { text } = JSON.parse(had[0]?.body ?? "");
    expect(text).toContain(
      `&lt;b&gt; &amp; version 1 is ready. <http://kiln.test/snapshots/${snapshot.id}|Open it>`,
    );
    const row = await db().channel.findFirstOrThrow();
    expect(row.shownTarget).toBe(`${base}/…`);
    expect(Buffer.from(row.sealedTarget).includes("services")).toBe(false);
  });

  it("by three workers at once is sent once each", async () => {
    const channel = await make(["snapshot.ready"]);
    for (let each = 0; each < 20; each += 1) await testChannel(admin, channel.id);
    await Promise.all([deliverAll(), deliverAll(), deliverAll()]);
    expect(had).toHaveLength(20);
    expect(new Set(had.map(({ headers }) => headers["webhook-id"])).size).toBe(20);
  });
});

describe("a receiver that doesn't take it", () => {
  it("answers 500 twice: tried again later each time, under the same id, until it takes it", async () => {
    const channel = await make(["snapshot.ready"]);
    answer = (_, response) => {
      response.statusCode = had.length < 3 ? 500 : 200;
      response.end("broken pipes");
    };
    await testChannel(admin, channel.id);
    await deliverAll();
    expect(had).toHaveLength(1);
    expect(await deliveries()).toMatchObject([
      { status: "pending", attempts: 1, lastStatus: 500, lastError: "It answered 500: broken pipes." },
    ]);
    for (let tries = 2; tries <= 3; tries += 1) {
      await comeDue();
      await deliverAll();
      expect(had).toHaveLength(tries);
    }
    expect(new Set(had.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(await deliveries()).toMatchObject([
      { status: "sent", attempts: 3, lastStatus: 200, nextAt: null },
    ]);
  });

  it("never does: given up after eight times, and sent again when somebody says so", async () => {
    const channel = await make(["snapshot.ready"]);
    answer = (_, response) => {
      response.statusCode = 503;
      response.end();
    };
    const { id } = await testChannel(admin, channel.id);
    for (let tries = 0; tries < 10; tries += 1) {
      await comeDue();
      await deliverAll();
    }
    expect(had).toHaveLength(8);
    expect(await deliveries()).toMatchObject([
      { status: "failed", attempts: 8, lastError: "It answered 503." },
    ]);
    answer = ok;
    await redeliver(admin, id);
    expect(await codeOf(redeliver(admin, id))).toBe("still_pending");
    await deliverAll();
    expect(await deliveries()).toMatchObject([{ id, status: "sent", lastError: null }]);
  });

  it("sends on to this machine: nobody follows", async () => {
    const channel = await make(["snapshot.ready"]);
    answer = (request, response) => {
      if (request.url !== "/hook") return response.end("caught");
      response.writeHead(302, { location: `${base}/inside` }).end();
    };
    await testChannel(admin, channel.id);
    await deliverAll();
    expect(had.map(({ path }) => path)).toEqual(["/hook"]);
    expect((await deliveries())[0]).toMatchObject({
      status: "pending",
      lastStatus: 302,
      lastError: expect.stringContaining("isn’t followed"),
    });
  });

  it("is within the own network, which nobody allowed: it gets nothing", async () => {
    const channel = await make(["snapshot.ready"], { allowPrivate: false });
    await testChannel(admin, channel.id);
    await deliverAll();
    expect(had).toEqual([]);
    expect((await deliveries())[0]).toMatchObject({
      status: "pending",
      lastStatus: null,
      lastError: expect.stringContaining("private network"),
    });
  });

  it("answers without an end: what is needed of it is read", async () => {
    const channel = await make(["snapshot.ready"]);
    answer = (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(16_384)));
        response.once("drain", more);
      };
      more();
    };
    await testChannel(admin, channel.id);
    await deliverAll();
    expect(await deliveries()).toMatchObject([{ status: "sent", lastStatus: 200 }]);
  });

  it("isn't there", async () => {
    const channel = await make(["snapshot.ready"], { url: "http://127.0.0.1:9/" });
    await testChannel(admin, channel.id);
    await deliverAll();
    expect((await deliveries())[0]).toMatchObject({
      status: "pending",
      attempts: 1,
      lastError: expect.stringContaining("ECONNREFUSED"),
    });
  });
});

it("a worker that died with a message lets it go; what it would have written later changes nothing", async () => {
  const channel = await make(["snapshot.ready"]);
  await testChannel(admin, channel.id);
  await db().$executeRaw`UPDATE deliveries SET attempts = 1, claimed_until = now() + interval '1 minute'`;
  expect(await deliverNext()).toBe(false);
  await db().$executeRaw`UPDATE deliveries SET claimed_until = now() - interval '1 second'`;
  await deliverAll();
  expect(await deliveries()).toMatchObject([{ status: "sent", attempts: 2 }]);
  await deleteChannel(admin, channel.id);
  expect(await deliveries()).toEqual([]);
});
