import { beforeAll, describe, expect, it } from "vitest";
import { pageOf } from "@/lib/page";
import { profileSchema, versionSchema } from "@/lib/profiles/wire";
import { refreshAnswerSchema, snapshotSchema } from "@/lib/snapshots/wire";
import { claimBuild, claimRefresh, finishFailed, finishReady, publishReady } from "@/prisma/factories/builds";
import { makeToken } from "@/prisma/factories/people";
import { publishNext, publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { answerOf, call, problemOf, refusalOf } from "../testing/call";
import * as profileOf from "./profiles/[profile]/route";
import * as pin from "./profiles/[profile]/versions/[number]/pin/route";
import * as refresh from "./profiles/[profile]/versions/[number]/refresh/route";
import * as ofVersion from "./profiles/[profile]/versions/[number]/snapshots/route";
import * as cancel from "./snapshots/[id]/cancel/route";
import * as snapshotOf from "./snapshots/[id]/route";
import * as serve from "./snapshots/[id]/serve/route";
import * as snapshots from "./snapshots/route";

useSuiteDatabase();
let token = "";
let worker: TestWorker;
beforeAll(async () => {
  token = await makeToken("operator");
  worker = await makeWorker();
});

const page = pageOf(snapshotSchema);
const post = (profile: string, number = "1", body: unknown = {}) =>
  call(refresh.POST, { token, params: { profile, number }, body });
const get = (id: string) => call(snapshotOf.GET, { token, params: { id } });

describe("POST …/versions/{n}/refresh", () => {
  it("202 with a new snapshot, then 200 with the same one", async () => {
    const { profile } = await publishReady(worker);
    const first = await answerOf(await post(profile.slug), 202, refreshAnswerSchema);
    expect(first).toMatchObject({
      joined: false,
      snapshot: { number: 2, trigger: "api", status: "queued", requestedBy: "operator token" },
    });
    const second = await answerOf(await post(profile.id), 200, refreshAnswerSchema);
    expect(second).toMatchObject({ joined: true, snapshot: { id: first.snapshot.id } });
  });

  it("takes twenty at once: one 202, nineteen 200, one id (F07)", async () => {
    const { profile } = await publishReady(worker);
    const responses = await Promise.all(Array.from({ length: 20 }, () => post(profile.slug)));
    expect(responses.map(({ status }) => status).toSorted()).toEqual([
      ...Array.from({ length: 19 }, () => 200),
      202,
    ]);
    const ids = await Promise.all(
      responses.map(async (response) => refreshAnswerSchema.parse(await response.json()).snapshot.id),
    );
    expect(new Set(ids).size).toBe(1);
  });

  it("takes no body as an empty one", async () => {
    const { profile } = await publishReady(worker);
    expect(
      (await call(refresh.POST, { token, method: "POST", params: { profile: profile.slug, number: "1" } }))
        .status,
    ).toBe(202);
  });

  it.each([
    ["nobody", "1", {}, 404, "not_found"],
    ["", "2", {}, 404, "not_found"],
    ["", "x", {}, 404, "not_found"],
    ["", "1", { mode: "quick" }, 422, "invalid_input"],
    ["", "1", "{", 400, "invalid_json"],
  ])("profile %j, version %s, %j: %d %s", async (named, number, body, status, code) => {
    const { profile } = await publishReady(worker);
    expect(await refusalOf(await post(named || profile.slug, number, body))).toEqual([status, code]);
  });

  it("409 when the profile is archived", async () => {
    const { profile } = await publishReady(worker);
    await call(profileOf.DELETE, { token, method: "DELETE", params: { profile: profile.slug } });
    expect(await refusalOf(await post(profile.slug))).toEqual([409, "profile_archived"]);
  });
});

describe("GET /snapshots/{id}", () => {
  it("200: every field of the contract, from queued to ready", async () => {
    const { profile, snapshot } = await publishProfile();
    const queued = await answerOf(await get(snapshot.id), 200, snapshotSchema);
    expect(queued).toMatchObject({
      id: snapshot.id,
      profileId: profile.id,
      version: 1,
      number: 1,
      trigger: "publish",
      mode: "full",
      attempt: 0,
      status: "queued",
      serving: false,
      requestedBy: "Olga Operator",
      queuedAt: expect.any(String),
      startedAt: null,
      finishedAt: null,
      image: null,
      failure: null,
      log: { lines: 1, bytes: expect.any(Number), truncatedBytes: 0, expiresAt: null },
    });
    expect(queued.steps.map(({ name, status }) => [name, status])).toEqual(
      ["base-image", "files", "setup", "capture", "check", "promote"].map((name) => [name, "pending"]),
    );
    await finishReady(await claimBuild(snapshot.id, worker));
    const ready = await answerOf(await get(snapshot.id), 200, snapshotSchema);
    expect(ready).toMatchObject({
      status: "ready",
      serving: true,
      attempt: 1,
      startedAt: expect.any(String),
      finishedAt: expect.any(String),
      failure: null,
    });
    expect(ready.image).toEqual({
      id: expect.stringMatching(/^sha256:/),
      reference: expect.stringMatching(/^kiln\//),
      sizeBytes: 1_000_000,
    });
  });

  it("200: a failure with its code, sentence, step, exit code and hint", async () => {
    const { snapshot } = await publishProfile();
    await finishFailed(await claimBuild(snapshot.id, worker));
    expect((await answerOf(await get(snapshot.id), 200, snapshotSchema)).failure).toEqual({
      code: "setup_failed",
      message: "The setup script ended with exit code 7.",
      step: "setup",
      exitCode: 7,
      hint: expect.stringMatching(/refresh/),
    });
  });

  it.each(["0193a1b2-0000-7000-8000-0123456789ab", "nothing", "", "1", "\0", "' OR 1=1"])(
    "404: %j",
    async (id) => {
      expect(await refusalOf(await get(id))).toEqual([404, "not_found"]);
    },
  );
});

describe("POST /snapshots/{id}/cancel", () => {
  const post = (id: string) => call(cancel.POST, { token, method: "POST", params: { id } });

  it("202 while queued and while running; 409 when it has ended", async () => {
    const { snapshot } = await publishProfile();
    expect((await answerOf(await post(snapshot.id), 202, snapshotSchema)).status).toBe("cancelled");
    expect(await refusalOf(await post(snapshot.id))).toEqual([409, "already_ended"]);
    const running = await publishProfile();
    await claimBuild(running.snapshot.id, worker);
    expect(await answerOf(await post(running.snapshot.id), 202, snapshotSchema)).toMatchObject({
      status: "running",
      cancelRequestedBy: "operator token",
    });
    expect((await post(running.snapshot.id)).status).toBe(202);
  });

  it("409 says what it is: the sentence names the snapshot and its status", async () => {
    const { snapshot } = await publishReady(worker);
    expect((await problemOf(await post(snapshot.id))).detail).toBe("Snapshot #1 has ended: it is ready.");
  });

  it("404", async () => {
    expect(await refusalOf(await post("nothing"))).toEqual([404, "not_found"]);
  });
});

describe("which snapshot serves", () => {
  const post = (id: string, body: unknown) => call(serve.POST, { token, params: { id }, body });

  it("POST …/serve: 200 with the snapshot; 422 without a reason; 409 when it serves already", async () => {
    const published = await publishReady(worker);
    const { id } = published.snapshot;
    await finishReady(await claimRefresh(published, worker));
    for (const body of [{}, { reason: " " }, { reason: "x".repeat(501) }, { reason: "x", force: true }])
      expect(await refusalOf(await post(id, body))).toEqual([422, "invalid_input"]);
    expect(await answerOf(await post(id, { reason: "back" }), 200, snapshotSchema)).toMatchObject({
      id,
      serving: true,
    });
    expect(await refusalOf(await post(id, { reason: "again" }))).toEqual([409, "already_serving"]);
    expect(await refusalOf(await post("nothing", { reason: "x" }))).toEqual([404, "not_found"]);
  });

  it("PUT …/pin: 200 with the version; 409 when nothing serves", async () => {
    const put = (profile: string, body: unknown) =>
      call(pin.PUT, { token, method: "PUT", params: { profile, number: "1" }, body });
    const { profile } = await publishReady(worker);
    const pinned = await answerOf(await put(profile.slug, { pinned: true }), 200, versionSchema);
    expect(pinned).toMatchObject({ pinned: true, servingSnapshot: { number: 1 } });
    expect((await answerOf(await put(profile.id, { pinned: false }), 200, versionSchema)).pinned).toBe(false);
    expect(await refusalOf(await put(profile.slug, {}))).toEqual([422, "invalid_input"]);
    const unready = await publishProfile();
    expect(await refusalOf(await put(unready.profile.slug, { pinned: true }))).toEqual([
      409,
      "nothing_to_pin",
    ]);
  });

  it("PATCH /profiles/{profile}: keepSnapshots from 1 to 50", async () => {
    const { profile } = await publishProfile();
    const patch = (keepSnapshots: number) =>
      call(profileOf.PATCH, {
        token,
        method: "PATCH",
        params: { profile: profile.slug },
        body: { keepSnapshots },
      });
    expect(profile.keepSnapshots).toBe(3);
    expect((await answerOf(await patch(50), 200, profileSchema)).keepSnapshots).toBe(50);
    for (const wrong of [0, 51, 1.5, -1])
      expect(await refusalOf(await patch(wrong))).toEqual([422, "invalid_input"]);
  });
});

describe("lists of snapshots", () => {
  it("of a version: newest first, page by page", async () => {
    const { profile } = await publishReady(worker);
    for (let i = 0; i < 3; i += 1) {
      const { snapshot } = await answerOf(await post(profile.slug), 202, refreshAnswerSchema);
      await finishFailed(await claimBuild(snapshot.id, worker));
    }
    const other = await publishNext(profile.id);
    const read = async (query: string) =>
      answerOf(
        await call(ofVersion.GET, { token, path: query, params: { profile: profile.slug, number: "1" } }),
        200,
        page,
      );
    const first = await read("?limit=3");
    expect(first.items.map(({ number }) => number)).toEqual([4, 3, 2]);
    expect((await read(`?limit=3&cursor=${first.nextCursor}`)).items.map(({ number }) => number)).toEqual([
      1,
    ]);
    const second = await answerOf(
      await call(ofVersion.GET, { token, params: { profile: profile.slug, number: "2" } }),
      200,
      page,
    );
    expect(second.items.map(({ id }) => id)).toEqual([other.snapshot.id]);
    expect(
      await refusalOf(await call(ofVersion.GET, { token, params: { profile: profile.slug, number: "3" } })),
    ).toEqual([404, "not_found"]);
  });

  it("of all: by profile and by status", async () => {
    const { profile } = await publishReady(worker);
    const next = await publishNext(profile.id);
    const read = async (query: string) =>
      (await answerOf(await call(snapshots.GET, { token, path: `?${query}` }), 200, page)).items.map(
        ({ number }) => number,
      );
    expect(await read(`profile=${profile.slug}`)).toEqual([2, 1]);
    expect(await read(`profile=${profile.id}&status=ready`)).toEqual([1]);
    expect(await read(`profile=${profile.slug}&status=queued`)).toEqual([next.snapshot.number]);
    expect(await read("profile=nobody")).toEqual([]);
    expect(await read("profile=no%00body")).toEqual([]);
    expect(await refusalOf(await call(snapshots.GET, { token, path: "?status=done" }))).toEqual([
      422,
      "invalid_input",
    ]);
  });
});
