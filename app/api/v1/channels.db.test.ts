import { beforeAll, expect, it } from "vitest";
import { channelSchema, deliverySchema, madeChannelSchema } from "@/lib/channels/wire";
import { db } from "@/lib/db/client.server";
import { pageOf } from "@/lib/page";
import { makeToken } from "@/prisma/factories/people";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { answerOf, call, refusalOf } from "../testing/call";
import * as channel from "./channels/[id]/route";
import * as test from "./channels/[id]/test/route";
import * as channels from "./channels/route";
import * as again from "./deliveries/[id]/redeliver/route";
import * as deliveries from "./deliveries/route";

useSuiteDatabase();
const tokens = { operator: "", admin: "" };
beforeAll(async () => {
  for (const role of ["operator", "admin"] as const) tokens[role] = await makeToken(role);
});

const input = {
  kind: "webhook",
  name: "CI",
  url: "https://example.com/hook?key=hidden",
  events: ["snapshot.failed"],
};
const make = (body: unknown, token = tokens.admin) =>
  call(channels.POST, { token, method: "POST", params: {}, body });

it("is made, listed without what is secret, tested, and deleted", async () => {
  const made = await answerOf(await make(input), 201, madeChannelSchema);
  expect(made.signingKey).toMatch(/^whsec_[\w+/]{43}=$/);
  const list = async () =>
    answerOf(await call(channels.GET, { token: tokens.admin, params: {} }), 200, pageOf(channelSchema));
  const { items } = await list();
  expect(items).toMatchObject([
    { id: made.id, url: "https://example.com/hook", events: ["snapshot.failed"] },
  ]);
  expect(JSON.stringify(items)).not.toMatch(/hidden|whsec_/);
  const row = await db().channel.findFirstOrThrow();
  expect(Buffer.from(row.sealedTarget).includes("hidden")).toBe(false);
  expect(Buffer.from(row.sealedKey ?? []).includes("whsec_")).toBe(false);

  const params = { id: made.id };
  const sent = await answerOf(
    await call(test.POST, { token: tokens.admin, method: "POST", params }),
    202,
    deliverySchema,
  );
  expect(sent).toMatchObject({ event: "test", status: "pending", attempts: 0 });
  const log = await call(deliveries.GET, { token: tokens.admin, params: {} });
  expect(await answerOf(log, 200, pageOf(deliverySchema))).toEqual({ items: [sent], nextCursor: null });
  const redeliver = await call(again.POST, { token: tokens.admin, method: "POST", params: { id: sent.id } });
  expect(await refusalOf(redeliver)).toEqual([409, "still_pending"]);

  const remove = () => call(channel.DELETE, { token: tokens.admin, method: "DELETE", params });
  expect((await remove()).status).toBe(204);
  expect(await refusalOf(await remove())).toEqual([404, "not_found"]);
  expect((await list()).items).toEqual([]);
});

it("of e-mail is refused where no mail server is known, in words that say what to do", async () => {
  const { url: _, ...rest } = input;
  const answer = await make({ ...rest, kind: "email", address: ["a@example.com"] });
  expect(answer.status).toBe(409);
  expect(await answer.json()).toMatchObject({
    code: "mail_not_configured",
    detail: expect.stringContaining("KILN_SMTP_URL"),
  });
});

it.each([
  [{ ...input, url: undefined, kind: "email" }, "address"],
  [{ ...input, url: undefined, kind: "email", address: "a@example.com, nobody" }, "address.1"],
  [
    { ...input, url: undefined, kind: "email", address: ["a@example.com", "b@example.com\r\nBcc: c"] },
    "address.1",
  ],
  [{ ...input, profiles: ["nowhere"] }, "profiles.0"],
  [{ ...input, url: "file:///etc/passwd" }, "url"],
  [{ ...input, url: "https://user:word@example.com/" }, "url"],
  [{ ...input, url: "not an address" }, "url"],
  [{ ...input, events: [] }, "events"],
  [{ ...input, events: ["snapshot.exploded"] }, "events.0"],
  [{ ...input, kind: "pigeon" }, "kind"],
  [{ ...input, name: " " }, "name"],
])("names what is wrong in %j: %s", async (body, path) => {
  const answer = await make(body);
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ errors: [{ path }] });
});

it("is an administrator's", async () => {
  expect(await refusalOf(await make(input, tokens.operator))).toEqual([403, "forbidden"]);
  const list = await call(channels.GET, { token: tokens.operator, params: {} });
  expect(await refusalOf(list)).toEqual([403, "forbidden"]);
  const log = await call(deliveries.GET, { token: tokens.operator, params: {} });
  expect(await refusalOf(log)).toEqual([403, "forbidden"]);
});
