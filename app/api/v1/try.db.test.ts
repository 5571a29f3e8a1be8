/** Trying a draft and the container that a failure left, as the API tells them. */
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { lastTrySchema } from "@/lib/profiles/wire";
import { endSnapshot } from "@/lib/snapshots/finish.server";
import { refreshAnswerSchema, snapshotSchema } from "@/lib/snapshots/wire";
import { claimBuild, publishReady } from "@/prisma/factories/builds";
import { makeToken } from "@/prisma/factories/people";
import { makeProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { answerOf, call, refusalOf } from "../testing/call";
import * as draftTry from "./profiles/[profile]/draft/try/route";
import * as refresh from "./profiles/[profile]/versions/[number]/refresh/route";
import * as exec from "./snapshots/[id]/exec/route";
import * as kept from "./snapshots/[id]/kept/route";

useSuiteDatabase();
let worker: TestWorker;
const tokens = { viewer: "", operator: "" };
beforeAll(async () => {
  worker = await makeSessionWorker();
  for (const role of ["viewer", "operator"] as const) tokens[role] = await makeToken(role);
});

const post = (profile: string, body: unknown = {}) =>
  call(draftTry.POST, { token: tokens.operator, params: { profile }, body });
const last = async (profile: string) =>
  answerOf(await call(draftTry.GET, { token: tokens.viewer, params: { profile } }), 200, lastTrySchema);

describe("POST /profiles/{profile}/draft/try", () => {
  it("answers 201 with a snapshot of no version, then 200 with the same", async () => {
    const { slug } = await makeProfile();
    const made = await answerOf(await post(slug, { keepOnFailure: true }), 201, snapshotSchema);
    expect(made).toMatchObject({ trigger: "try", version: null, status: "queued", keepOnFailure: true });
    const joined = await answerOf(await post(slug), 200, snapshotSchema);
    expect(joined.id).toBe(made.id);
    expect(await last(slug)).toMatchObject({ snapshot: { id: made.id }, changed: false });
  });

  it("takes no body, and no field that it doesn't know", async () => {
    const { slug } = await makeProfile();
    const empty = { token: tokens.operator, method: "POST", params: { profile: slug } };
    expect((await call(draftTry.POST, empty)).status).toBe(201);
    expect(await refusalOf(await post(slug, { keep: true }))).toEqual([422, "invalid_input"]);
  });

  it("is 404 `no_draft` without a draft, and nobody's who only looks", async () => {
    const { profile } = await publishReady(worker);
    expect(await refusalOf(await post(profile.slug))).toEqual([404, "no_draft"]);
    expect(await last(profile.slug)).toMatchObject({ snapshot: null, changed: null });
    const asViewer = { token: tokens.viewer, params: { profile: profile.slug }, body: {} };
    expect(await refusalOf(await call(draftTry.POST, asViewer))).toEqual([403, "forbidden"]);
  });
});

describe("a refresh that keeps its container", () => {
  async function failed(keepOnFailure: boolean) {
    const { profile } = await publishReady(worker);
    const asked = { token: tokens.operator, params: { profile: profile.slug, number: "1" } };
    const answer = await call(refresh.POST, { ...asked, body: { keepOnFailure } });
    const { snapshot } = await answerOf(answer, 202, refreshAnswerSchema);
    expect(snapshot.keepOnFailure).toBe(keepOnFailure);
    const { claim } = await claimBuild(snapshot.id, worker);
    const failure = { code: "setup_failed" as const, message: "It failed.", step: "setup", exitCode: 1 };
    const left = keepOnFailure ? { kept: { containerId: "c", imageId: "sha256:1" } } : {};
    await endSnapshot({ claim }, { status: "failed", failure, ...left }, []);
    return snapshot.id;
  }
  const run = (id: string, token = tokens.operator) =>
    call(exec.POST, { token, params: { id }, body: { command: ["true"], timeoutSeconds: 1 } });
  const remove = (id: string) =>
    call(kept.DELETE, { token: tokens.operator, method: "DELETE", params: { id } });

  it("can be let go, once; then no command is taken", async () => {
    const id = await failed(true);
    expect(await refusalOf(await run(id, tokens.viewer))).toEqual([403, "forbidden"]);
    const released = await answerOf(await remove(id), 202, snapshotSchema);
    expect(Date.parse(released.kept?.until ?? "")).toBeLessThanOrEqual(Date.now() + 1000);
    expect(await refusalOf(await remove(id))).toEqual([409, "not_kept"]);
    expect(await refusalOf(await run(id))).toEqual([409, "not_kept"]);
    expect(await db().sandboxCommand.count({ where: { snapshotId: id } })).toBe(0);
  });

  it("has none where nobody asked for it", async () => {
    const id = await failed(false);
    expect(await refusalOf(await run(id))).toEqual([409, "not_kept"]);
    expect(await refusalOf(await remove("0193a1b2-0000-7000-8000-0123456789ab"))).toEqual([404, "not_found"]);
  });
});
