import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { pageOf } from "@/lib/page";
import { poolSchema } from "@/lib/pool/wire";
import { defaultSpec, specSchema } from "@/lib/profiles/spec";
import { draftSchema, profileSchema, versionSchema } from "@/lib/profiles/wire";
import { snapshotSchema } from "@/lib/snapshots/wire";
import { publishReady } from "@/prisma/factories/builds";
import { makeToken } from "@/prisma/factories/people";
import { makeProfile, publishNext, publishProfile } from "@/prisma/factories/profiles";
import { makeRunningSession } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { answerOf, call, problemOf, refusalOf } from "../testing/call";
import * as draft from "./profiles/[profile]/draft/route";
import * as pool from "./profiles/[profile]/pool/route";
import * as publish from "./profiles/[profile]/publish/route";
import * as profile from "./profiles/[profile]/route";
import * as version from "./profiles/[profile]/versions/[number]/route";
import * as versions from "./profiles/[profile]/versions/route";
import * as profiles from "./profiles/route";
import * as sessionOf from "./sessions/[id]/route";

useSuiteDatabase();
let token = "";
let worker: TestWorker;
beforeAll(async () => {
  token = await makeToken("operator");
  worker = await makeSessionWorker();
});

const create = (body: unknown) => call(profiles.POST, { token, body });
const list = (query: string) => call(profiles.GET, { token, path: `?${query}` });

describe("POST /profiles", () => {
  it("201: the profile with its draft", async () => {
    const made = await answerOf(await create({ name: "Made by API", description: "x" }), 201, profileSchema);
    expect(made).toMatchObject({
      slug: "made-by-api",
      description: "x",
      draft: { revision: 1 },
      latestVersion: null,
      createdBy: "operator token",
    });
    const { spec } = await answerOf(
      await call(draft.GET, { token, params: { profile: made.slug } }),
      200,
      draftSchema,
    );
    expect(spec).toEqual(defaultSpec());
  });

  it("takes a whole spec, or a part of one", async () => {
    const made = await answerOf(
      await create({ name: "With spec", spec: { baseImage: "alpine:3", resources: { cpus: 1 } } }),
      201,
      profileSchema,
    );
    const { spec } = await answerOf(
      await call(draft.GET, { token, params: { profile: made.id } }),
      200,
      draftSchema,
    );
    expect(spec).toEqual(specSchema.parse({ baseImage: "alpine:3", resources: { cpus: 1 } }));
  });

  it.each([
    ["no name", {}, ["name"]],
    ["an empty name", { name: "  " }, ["name"]],
    ["a long name", { name: "x".repeat(81) }, ["name"]],
    ["a NUL in the name", { name: "a\0b" }, ["name"]],
    ["a NUL in the description", { name: "a", description: "\0" }, ["description"]],
    ["an unknown field", { name: "a", nmae: "b" }, ["nmae"]],
    [
      "wrong fields deep down",
      { name: "a", spec: { baseImage: "B", files: [{ path: "x", content: "\0" }], env: { "1": "" } } },
      ["spec.baseImage", "spec.env.1", "spec.files.0.path", "spec.files.0.content"],
    ],
    ["a list", [], [""]],
    ["a text", '"text"', [""]],
    ["null", "null", [""]],
  ])("422: %s", async (_, body, paths) => {
    const problem = await problemOf(await create(body));
    expect([problem.status, problem.code, problem.errors?.map(({ path }) => path)]).toEqual([
      422,
      "invalid_input",
      paths,
    ]);
  });

  it.each([
    ["no JSON", "{", 400, "invalid_json"],
    ["no UTF-8", new Uint8Array([0x22, 0xff, 0x22]), 400, "invalid_json"],
    [
      "too large",
      JSON.stringify({ name: "x", description: "y".repeat(2 * 1024 * 1024) }),
      413,
      "body_too_large",
    ],
  ])("%s", async (_, body, status, code) => {
    expect(await refusalOf(await create(body))).toEqual([status, code]);
  });

  it("keeps any text that can be kept", async () => {
    const name = "😀 ‮ <script> '; --";
    expect(await refusalOf(await create({ name, description: "half \ud800 of one" }))).toEqual([
      422,
      "invalid_input",
    ]);
    expect(await answerOf(await create({ name }), 201, profileSchema)).toMatchObject({
      name,
      slug: "script",
    });
  });
});

describe("GET /profiles", () => {
  const page = pageOf(profileSchema);

  it("200: newest first, page by page, each once", async () => {
    const names = ["Listed A", "Listed B", "Listed C", "Listed D", "Listed E"];
    for (const name of names) await create({ name });
    const seen: string[] = [];
    let cursor = "";
    do {
      const { items, nextCursor } = await answerOf(
        await list(`query=listed&limit=2${cursor && `&cursor=${cursor}`}`),
        200,
        page,
      );
      seen.push(...items.map(({ name }) => name));
      cursor = nextCursor ?? "";
    } while (cursor);
    expect(seen).toEqual(names.toReversed());
  });

  it.each([
    "limit=0",
    "limit=101",
    "limit=x",
    "limit=1.5",
    `query=${"x".repeat(201)}`,
    "archived=perhaps",
    "query=a%00b",
  ])("422: %s", async (query) => {
    expect(await refusalOf(await list(query))).toEqual([422, "invalid_input"]);
  });

  it.each(["cursor=nothing", "cursor=", "cursor=%00", "query=%25", "limit=100"])(
    "200 for what is merely odd: %s",
    async (query) => {
      expect((await list(query)).status).toBe(200);
    },
  );
});

describe("GET, PATCH, DELETE /profiles/{profile}", () => {
  it("200 by id and by slug", async () => {
    const made = await makeProfile();
    expect(
      await answerOf(await call(profile.GET, { token, params: { profile: made.id } }), 200, profileSchema),
    ).toEqual(made);
    expect(
      await answerOf(await call(profile.GET, { token, params: { profile: made.slug } }), 200, profileSchema),
    ).toEqual(made);
  });

  it.each(["nobody", "0193a1b2-0000-7000-8000-0123456789ab", "no\0body", "x".repeat(5_000), "%"])(
    "404: %j",
    async (named) => {
      expect(await refusalOf(await call(profile.GET, { token, params: { profile: named } }))).toEqual([
        404,
        "not_found",
      ]);
    },
  );

  it("PATCH 200: what is named changes; 422: what isn't a field", async () => {
    const made = await makeProfile();
    const patch = (body: unknown) =>
      call(profile.PATCH, { token, method: "PATCH", params: { profile: made.slug }, body });
    expect(await answerOf(await patch({ name: "Renamed" }), 200, profileSchema)).toMatchObject({
      name: "Renamed",
      slug: made.slug,
      updatedBy: "operator token",
    });
    expect(await refusalOf(await patch({ slug: "other" }))).toEqual([422, "invalid_input"]);
    expect(await refusalOf(await patch({ name: "" }))).toEqual([422, "invalid_input"]);
  });

  it("PATCH poolSize: sandboxes are wanted, and its pool says so; 422 for too many", async () => {
    const { profile: made, snapshot } = await publishReady(worker);
    const params = { profile: made.slug };
    const patch = (poolSize: number) =>
      call(profile.PATCH, { token, method: "PATCH", params, body: { poolSize } });
    expect(await problemOf(await patch(21))).toMatchObject({ status: 422 });
    expect(await answerOf(await patch(2), 200, profileSchema)).toMatchObject({ poolSize: 2 });
    expect(await answerOf(await call(pool.GET, { token, params }), 200, poolSchema)).toEqual({
      ...{ size: 2, ready: 0, starting: 0, use: null, note: null, retryAt: null },
      snapshot: { id: snapshot.id, number: 1, version: 1 },
      limits: { memoryMb: defaultSpec().resources.memoryMb, cpus: defaultSpec().resources.cpus },
    });
    const nobody = await call(pool.GET, { token, params: { profile: "nobody" } });
    expect(await refusalOf(nobody)).toEqual([404, "not_found"]);
  });

  it("DELETE archives, is refused with 409 while sessions run, and PATCH brings it back", async () => {
    const { profile: made } = await publishReady(worker);
    const session = await makeRunningSession(made.id, worker);
    const remove = () => call(profile.DELETE, { token, method: "DELETE", params: { profile: made.slug } });
    expect(await refusalOf(await remove())).toEqual([409, "sessions_running"]);
    expect(
      (await call(sessionOf.DELETE, { token, method: "DELETE", params: { id: session.id } })).status,
    ).toBe(204);
    expect((await answerOf(await remove(), 200, profileSchema)).archivedAt).not.toBeNull();
    const back = await call(profile.PATCH, {
      token,
      method: "PATCH",
      params: { profile: made.slug },
      body: { archived: false },
    });
    expect((await answerOf(back, 200, profileSchema)).archivedAt).toBeNull();
  });
});

describe("/profiles/{profile}/draft", () => {
  const put = (named: string, spec: unknown, ifMatch?: string) =>
    call(draft.PUT, {
      token,
      method: "PUT",
      params: { profile: named },
      body: spec,
      ...(ifMatch === undefined ? {} : { headers: { "if-match": ifMatch } }),
    });
  const get = (named: string) => call(draft.GET, { token, params: { profile: named } });
  const spec = { baseImage: "alpine:3" };

  it("GET 200: spec and revision, which is the ETag", async () => {
    const made = await makeProfile();
    const response = await get(made.slug);
    expect(response.headers.get("etag")).toBe('"1"');
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await answerOf(response, 200, draftSchema)).toMatchObject({ revision: 1, basedOn: null });
  });

  it.each(["1", '"1"', 'W/"1"', " 1 ", "*", undefined])("PUT 200 with If-Match: %s", async (ifMatch) => {
    const made = await makeProfile();
    const response = await put(made.slug, spec, ifMatch);
    expect(response.headers.get("etag")).toBe('"2"');
    expect(await answerOf(response, 200, draftSchema)).toMatchObject({
      revision: 2,
      spec: specSchema.parse(spec),
      updatedBy: "operator token",
    });
  });

  it("PUT 412 when stale, with the current revision", async () => {
    const made = await makeProfile();
    await put(made.slug, spec, "1");
    const problem = await problemOf(await put(made.slug, spec, '"1"'));
    expect(problem).toMatchObject({
      status: 412,
      code: "stale_draft",
      revision: 2,
      updatedBy: "operator token",
    });
  });

  it.each(["x", '"x"', "1,2", "-1", "1.5", "99999999999"])("PUT 400 with If-Match: %s", async (ifMatch) => {
    expect(await refusalOf(await put((await makeProfile()).slug, spec, ifMatch))).toEqual([
      400,
      "invalid_if_match",
    ]);
  });

  it("PUT 422: each wrong field by its path, and nothing is saved", async () => {
    const made = await makeProfile();
    const wrong = {
      baseImage: "",
      env: { "A-B": "x" },
      files: [
        { path: "/a", content: "" },
        { path: "b", content: "" },
      ],
      resources: { cpus: 0 },
      bogus: 1,
    };
    const problem = await problemOf(await put(made.slug, wrong, "1"));
    expect(problem.status).toBe(422);
    expect(new Set(problem.errors?.map(({ path }) => path))).toEqual(
      new Set(["baseImage", "env.A-B", "files.1.path", "resources.cpus", "bogus"]),
    );
    expect((await answerOf(await get(made.slug), 200, draftSchema)).revision).toBe(1);
  });

  it("GET 404 no_draft once it was published; POST 201 makes one, from the newest or from n; 409 when there is one; DELETE 204", async () => {
    const { profile: made } = await publishProfile({ setupScript: "one" });
    await publishNext(made.id, { setupScript: "two" });
    const params = { profile: made.slug };
    const post = (body: unknown) => call(draft.POST, { token, params, body });
    const remove = () => call(draft.DELETE, { token, method: "DELETE", params });
    expect(await refusalOf(await get(made.slug))).toEqual([404, "no_draft"]);
    expect(await refusalOf(await put(made.slug, spec))).toEqual([404, "no_draft"]);
    expect(
      await answerOf(await call(draft.POST, { token, method: "POST", params }), 201, draftSchema),
    ).toMatchObject({ basedOn: 2, spec: { setupScript: "two" } });
    expect(await refusalOf(await post({}))).toEqual([409, "draft_exists"]);
    expect((await remove()).status).toBe(204);
    expect(await answerOf(await post({ from: 1 }), 201, draftSchema)).toMatchObject({
      basedOn: 1,
      spec: { setupScript: "one" },
    });
    expect((await remove()).status).toBe(204);
    expect(await refusalOf(await remove())).toEqual([404, "no_draft"]);
    expect(await refusalOf(await post({ from: 3 }))).toEqual([404, "not_found"]);
    for (const from of [0, -1, 1.5, "1", 3_000_000_000])
      expect(await refusalOf(await post({ from }))).toEqual([422, "invalid_input"]);
  });

  it("404 for a profile that isn't there", async () => {
    expect(await refusalOf(await get("nobody"))).toEqual([404, "not_found"]);
    expect(await refusalOf(await put("nobody", spec))).toEqual([404, "not_found"]);
  });
});

describe("POST /profiles/{profile}/publish", () => {
  const answer = z.object({ version: versionSchema, snapshot: snapshotSchema });
  const post = (named: string, body: unknown) =>
    call(publish.POST, { token, params: { profile: named }, body });

  it("201: the version and its queued snapshot", async () => {
    const made = await makeProfile();
    const published = await answerOf(await post(made.slug, { notes: "First." }), 201, answer);
    expect(published).toMatchObject({
      version: {
        number: 1,
        state: "published",
        notes: "First.",
        publishedBy: "operator token",
        usable: false,
        servingSnapshot: null,
        schedule: null,
      },
      snapshot: { version: 1, number: 1, trigger: "publish", status: "queued", profileId: made.id },
    });
    expect(published.version.latestSnapshot?.id).toBe(published.snapshot.id);
  });

  it("201 without a body; 404 no_draft after it; 409 when archived", async () => {
    const made = await makeProfile();
    const params = { profile: made.slug };
    expect((await call(publish.POST, { token, method: "POST", params })).status).toBe(201);
    expect(await refusalOf(await post(made.slug, {}))).toEqual([404, "no_draft"]);
    const other = await makeProfile();
    await call(profile.DELETE, { token, method: "DELETE", params: { profile: other.slug } });
    expect(await refusalOf(await post(other.slug, {}))).toEqual([409, "profile_archived"]);
  });

  it.each([{ notes: "x".repeat(2001) }, { notes: "\0" }, { notes: 1 }, { version: 2 }])(
    "422: case %#",
    async (body) => {
      expect(await refusalOf(await post((await makeProfile()).slug, body))).toEqual([422, "invalid_input"]);
    },
  );
});

describe("GET /profiles/{profile}/versions and …/versions/{n}", () => {
  it("200: newest first, page by page; one by its number", async () => {
    const { profile: made } = await publishReady(worker);
    await publishNext(made.id);
    const all = (path: string) => call(versions.GET, { token, path, params: { profile: made.slug } });
    const first = await answerOf(await all("?limit=1"), 200, pageOf(versionSchema));
    expect(first.items).toMatchObject([{ number: 2, usable: false }]);
    const second = await answerOf(
      await all(`?limit=1&cursor=${first.nextCursor}`),
      200,
      pageOf(versionSchema),
    );
    expect(second).toMatchObject({
      items: [{ number: 1, usable: true, servingSnapshot: { serving: true, number: 1 } }],
      nextCursor: null,
    });
    const one = await call(version.GET, { token, params: { profile: made.id, number: "1" } });
    expect(await answerOf(one, 200, versionSchema)).toEqual(second.items[0]);
    expect((await all("?cursor=99999999999999")).status).toBe(200);
  });

  it("200 and empty where nothing was published; 404 where there is no profile", async () => {
    const made = await makeProfile();
    expect(
      await answerOf(
        await call(versions.GET, { token, params: { profile: made.slug } }),
        200,
        pageOf(versionSchema),
      ),
    ).toEqual({ items: [], nextCursor: null });
    expect(await refusalOf(await call(versions.GET, { token, params: { profile: "nobody" } }))).toEqual([
      404,
      "not_found",
    ]);
  });

  it.each(["2", "0", "-1", "x", "1e1", "01", "1.0", "9999999999", ""])("404: version %j", async (number) => {
    const { profile: made } = await publishProfile();
    expect(
      await refusalOf(await call(version.GET, { token, params: { profile: made.slug, number } })),
    ).toEqual([404, "not_found"]);
  });
});
