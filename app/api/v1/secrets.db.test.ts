import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { pageOf } from "@/lib/page";
import { updateProfile } from "@/lib/profiles/update.server";
import { versionSchema } from "@/lib/profiles/wire";
import { takeSecrets } from "@/lib/secrets/take.server";
import { secretSchema } from "@/lib/secrets/wire";
import { snapshotSchema } from "@/lib/snapshots/wire";
import { claimBuild, finishReady } from "@/prisma/factories/builds";
import { makeToken, operator } from "@/prisma/factories/people";
import { makeProfile, publishNext, publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { answerOf, call, problemOf, refusalOf } from "../testing/call";
import * as publish from "./profiles/[profile]/publish/route";
import * as version from "./profiles/[profile]/versions/[number]/route";
import * as secret from "./secrets/[name]/route";
import * as secrets from "./secrets/route";
import * as snapshot from "./snapshots/[id]/route";

useSuiteDatabase();
let token = "";
let viewer = "";
let worker: TestWorker;
beforeAll(async () => {
  token = await makeToken("operator");
  viewer = await makeToken("viewer");
  worker = await makeSessionWorker();
});

const VALUE = `v/${randomBytes(12).toString("hex")}`;
const put = (name: string, value: unknown = VALUE) =>
  call(secret.PUT, { token, method: "PUT", params: { name }, body: { value } });
const remove = (name: string) => call(secret.DELETE, { token, method: "DELETE", params: { name } });
const list = async (query = "") =>
  answerOf(await call(secrets.GET, { token: viewer, path: `?${query}` }), 200, pageOf(secretSchema));
const named = async (name: string) => (await list("limit=100")).items.find((item) => item.name === name);

describe("PUT /secrets/{NAME}", () => {
  it("201 at first, then 200: another revision, and never the value", async () => {
    const made = await put("FIRST");
    expect(made.status).toBe(201);
    expect(await made.json()).toEqual({ name: "FIRST", created: true });
    const again = await put("FIRST", `${VALUE}2`);
    expect(again.status).toBe(200);
    expect(await named("FIRST")).toMatchObject({ revision: 2, updatedBy: "operator token", usedBy: [] });
    const { sealed, ...row } = await db().secret.findUniqueOrThrow({ where: { name: "FIRST" } });
    const audit = await db().auditEntry.findMany({ where: { objectKind: "secret" } });
    expect(audit.map(({ action }) => action)).toEqual(["secret.create", "secret.rotate"]);
    expect(JSON.stringify([row, audit, await list()])).not.toContain(VALUE);
    expect(Buffer.from(sealed).includes(VALUE)).toBe(false);
  });

  it("many at once: one makes it, the others rotate it", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => put("RACED")));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(await named("RACED")).toMatchObject({ revision: 8 });
  });

  it.each([
    ["", "Enter the value."],
    ["little", "Use at least 8 characters"],
    ["        ", "Use at least 8 characters"],
    [`long${"x".repeat(64 * 1024)}`, "Use at most 64 KiB"],
    ["with a \0 in it", "Remove the NUL"],
    [12_345_678, "expected string"],
  ])("422 for the value %#", async (value: unknown, message: string) => {
    const problem = await problemOf(await put("REFUSED", value));
    expect(problem).toMatchObject({ status: 422, code: "invalid_input" });
    expect(problem.errors?.[0]).toMatchObject({ path: "value", message: expect.stringContaining(message) });
    if (typeof value === "string" && value.trim() !== "")
      expect(JSON.stringify(problem)).not.toContain(value);
  });

  it.each(["1ST", "with-dash", "a b", "..", "x".repeat(129)])("422 for the name %s", async (name) => {
    expect(await refusalOf(await put(name))).toEqual([422, "invalid_input"]);
    expect(await refusalOf(await remove(name))).toEqual([404, "not_found"]);
  });
});

it("GET /secrets is pages by name, with the versions that use each", async () => {
  for (const name of ["PAGE_C", "PAGE_A", "PAGE_B"]) await put(name);
  const { profile } = await publishProfile({ secrets: ["PAGE_B"] });
  const first = await list("query=PAGE_&limit=2");
  expect(first.items.map(({ name }) => name)).toEqual(["PAGE_A", "PAGE_B"]);
  expect(first.items[1]?.usedBy).toEqual([{ profile: profile.slug, version: 1 }]);
  const second = await list(`query=PAGE_&limit=2&cursor=${first.nextCursor}`);
  expect(second).toMatchObject({ items: [{ name: "PAGE_C" }], nextCursor: null });
});

it("a version that names a secret which isn't there can't be published", async () => {
  await put("THERE");
  const { slug } = await makeProfile({ secrets: ["THERE", "MISSING"] });
  const post = () => call(publish.POST, { token, params: { profile: slug }, body: {} });
  expect(await problemOf(await post())).toMatchObject({
    status: 422,
    code: "unknown_secret",
    errors: [{ path: "secrets.1", message: "There is no secret MISSING." }],
  });
  await put("MISSING");
  expect((await post()).status).toBe(201);
  const repositories = [{ url: "https://a.b/c", path: "/src", secret: "NOT_THERE" }];
  const cloning = await makeProfile({ secrets: ["THERE"], repositories });
  const refused = await call(publish.POST, { token, params: { profile: cloning.slug }, body: {} });
  expect(await problemOf(refused)).toMatchObject({
    code: "unknown_secret",
    errors: [{ path: "repositories.0.secret", message: "There is no secret NOT_THERE." }],
  });
});

describe("DELETE /secrets/{NAME}", () => {
  it("409 with the versions while a newest one names it; 204 then, and 404", async () => {
    await put("IN_USE");
    const { profile } = await publishProfile({ secrets: ["IN_USE"] });
    const other = await publishProfile({ secrets: ["IN_USE"] });
    const refused = await problemOf(await remove("IN_USE"));
    expect(refused).toMatchObject({ status: 409, code: "secret_in_use" });
    expect(refused.detail).toContain(`${profile.slug} version 1`);
    const repositories = [{ url: "https://a.b/c", path: "/src", secret: "IN_USE" }];
    await publishNext(profile.slug, { secrets: [], repositories });
    expect((await problemOf(await remove("IN_USE"))).detail).toContain(`${profile.slug} version 2`);
    expect((await list("query=IN_USE")).items[0]?.usedBy).toHaveLength(2);
    await publishNext(profile.slug, { repositories: [] });
    await finishReady(await claimBuild(other.snapshot.id, worker));
    await updateProfile(operator, other.profile.slug, { archived: true });
    expect((await remove("IN_USE")).status).toBe(204);
    expect(await refusalOf(await remove("IN_USE"))).toEqual([404, "not_found"]);
  });
});

describe("a rotation", () => {
  it("marks what was built with the old value, and only that", async () => {
    await put("TURNED");
    const published = await publishProfile({ secrets: ["TURNED"] });
    const claimed = await claimBuild(published.snapshot.id, worker);
    expect(await takeSecrets(claimed.claim, ["TURNED"])).toMatchObject({
      secrets: [{ name: "TURNED" }],
      changed: false,
    });
    // A build that lost its claim takes nothing.
    expect(await takeSecrets({ ...claimed.claim, fence: 9 }, ["TURNED"])).toBeNull();
    await finishReady(claimed);
    const read = async () =>
      answerOf(
        await call(snapshot.GET, { token, params: { id: published.snapshot.id } }),
        200,
        snapshotSchema,
      );
    expect((await read()).staleSecrets).toEqual([]);
    await put("TURNED", `${VALUE} new`);
    expect((await read()).staleSecrets).toEqual(["TURNED"]);
    const params = { profile: published.profile.slug, number: "1" };
    const shown = await answerOf(await call(version.GET, { token, params }), 200, versionSchema);
    expect(shown.staleSecrets).toEqual(["TURNED"]);
    // It has ended: nothing is noted for it any more.
    expect(await takeSecrets(claimed.claim, ["TURNED"])).toBeNull();
  });
});
