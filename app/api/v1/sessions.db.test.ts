import { beforeAll, describe, expect, it } from "vitest";
import { answerCommand, claimCommand } from "@/lib/commands/run.server";
import { execAnswerSchema } from "@/lib/commands/wire";
import { db } from "@/lib/db/client.server";
import { pageOf } from "@/lib/page";
import { moveSession } from "@/lib/sessions/progress.server";
import { sessionSchema } from "@/lib/sessions/wire";
import { publishReady } from "@/prisma/factories/builds";
import { makeToken } from "@/prisma/factories/people";
import { makeProfile, type Published, publishProfile } from "@/prisma/factories/profiles";
import { makeRunningSession, startSandbox } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { answerOf, call, problemOf, refusalOf } from "../testing/call";
import * as exec from "./sessions/[id]/exec/route";
import * as sessionOf from "./sessions/[id]/route";
import * as stop from "./sessions/[id]/stop/route";
import * as sessions from "./sessions/route";

useSuiteDatabase();
let token = "";
let worker: TestWorker;
let published: Published;
beforeAll(async () => {
  token = await makeToken("operator");
  worker = await makeSessionWorker();
  published = await publishReady(worker);
});

const create = (body: unknown) => call(sessions.POST, { token, body });
const run = (id: string, body: unknown) => call(exec.POST, { token, params: { id }, body });
const running = () => makeRunningSession(published.profile.id, worker);

/** The first row of a query that finds one in the end. */
async function eventually<T>(find: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found !== null) return found;
  }
}

describe("POST /sessions", () => {
  it("422: more variables than a version may have", async () => {
    const env = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`V${n}`, ""]));
    const { id: profile } = published.profile;
    expect((await create({ profile, env: env(200) })).status).toBe(201);
    expect(await problemOf(await create({ profile, env: env(201) }))).toMatchObject({
      ...{ status: 422, errors: [{ path: "env", message: "Use at most 200 variables." }] },
    });
  });

  it("201: every field of the contract", async () => {
    const session = await answerOf(
      await create({ profile: published.profile.slug, name: "mine", env: { A: "1" } }),
      201,
      sessionSchema,
    );
    expect(session).toMatchObject({
      name: "mine",
      profileId: published.profile.id,
      version: 1,
      snapshotId: published.snapshot.id,
      status: "queued",
      createdAt: expect.any(String),
      expiresAt: expect.any(String),
      failure: null,
    });
  });

  it("201 with wait: answers when it runs", async () => {
    const asked = create({ profile: published.profile.id, version: 1, wait: "running", name: "awaited" });
    const { id } = await eventually(() => db().session.findFirst({ where: { name: "awaited" } }));
    await startSandbox(id, worker);
    expect((await answerOf(await asked, 201, sessionSchema)).status).toBe("running");
  });

  it("409 version_not_usable, with the reason", async () => {
    const { profile } = await publishProfile();
    const problem = await problemOf(await create({ profile: profile.slug }));
    expect(problem).toMatchObject({
      status: 409,
      code: "version_not_usable",
      detail: expect.stringContaining("still being prepared"),
    });
    expect(await refusalOf(await create({ profile: (await makeProfile()).slug }))).toEqual([
      409,
      "version_not_usable",
    ]);
  });

  it.each([
    [{ profile: "nobody" }, 404, "not_found"],
    [{ profile: "no\0body" }, 404, "not_found"],
    [{}, 422, "invalid_input"],
    [{ profile: "" }, 422, "invalid_input"],
    [{ profile: "x", version: 0 }, 422, "invalid_input"],
    [{ profile: "x", version: 3_000_000_000 }, 422, "invalid_input"],
    [{ profile: "x", wait: "stopped" }, 422, "invalid_input"],
    [{ profile: "x", name: " " }, 422, "invalid_input"],
    [{ profile: "x", name: "a\0" }, 422, "invalid_input"],
    [{ profile: "x", env: { "1": "" } }, 422, "invalid_input"],
    [{ profile: "x", env: { A: "\0" } }, 422, "invalid_input"],
    [{ profile: "x", env: { A: "\udc00" } }, 422, "invalid_input"],
    [{ profile: "x", bogus: true }, 422, "invalid_input"],
  ])("%j: %d %s", async (body, status, code) => {
    expect(await refusalOf(await create(body))).toEqual([status, code]);
  });

  it("404 for a version that isn't there", async () => {
    expect(await refusalOf(await create({ profile: published.profile.slug, version: 9 }))).toEqual([
      404,
      "not_found",
    ]);
  });
});

describe("GET /sessions and /sessions/{id}", () => {
  it("200: newest first, page by page, by profile", async () => {
    const { profile } = await publishReady(worker);
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1)
      ids.unshift((await answerOf(await create({ profile: profile.slug }), 201, sessionSchema)).id);
    const read = async (query: string) =>
      answerOf(
        await call(sessions.GET, { token, path: `?profile=${profile.slug}&limit=2${query}` }),
        200,
        pageOf(sessionSchema),
      );
    const first = await read("");
    const second = await read(`&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
    expect(
      await answerOf(await call(sessionOf.GET, { token, params: { id: ids[0] ?? "" } }), 200, sessionSchema),
    ).toEqual(first.items[0]);
  });

  it.each(["nothing", "0193a1b2-0000-7000-8000-0123456789ab"])("404: %s", async (id) => {
    expect(await refusalOf(await call(sessionOf.GET, { token, params: { id } }))).toEqual([404, "not_found"]);
  });
});

describe("POST /sessions/{id}/stop and DELETE", () => {
  const stopIt = (id: string) => call(stop.POST, { token, method: "POST", params: { id } });
  const remove = (id: string) => call(sessionOf.DELETE, { token, method: "DELETE", params: { id } });

  it("202, also when it stops already; 409 when it has ended", async () => {
    const { id } = await running();
    expect((await answerOf(await stopIt(id), 202, sessionSchema)).status).toBe("stopping");
    expect((await stopIt(id)).status).toBe(202);
    await moveSession(id, "stopped");
    expect(await refusalOf(await stopIt(id))).toEqual([409, "not_running"]);
  });

  it("204, then 404", async () => {
    const { id } = await running();
    const response = await remove(id);
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(await refusalOf(await remove(id))).toEqual([404, "not_found"]);
    expect(await refusalOf(await stopIt(id))).toEqual([404, "not_found"]);
  });
});

describe("POST /sessions/{id}/exec", () => {
  it("200: exit code, both outputs, and whether they are whole", async () => {
    const { id } = await running();
    const asked = run(id, { command: ["ls", "-l", "a b"], timeoutSeconds: 5 });
    const command = await eventually(() => db().sandboxCommand.findFirst({ where: { sessionId: id } }));
    expect(await claimCommand(command.id)).toMatchObject({ command: ["ls", "-l", "a b"], timeoutSeconds: 5 });
    await answerCommand(command.id, {
      exitCode: 2,
      stdout: new TextEncoder().encode("out"),
      stderr: new Uint8Array(),
      truncated: false,
    });
    expect(await answerOf(await asked, 200, execAnswerSchema)).toEqual({
      exitCode: 2,
      stdout: "out",
      stderr: "",
      truncated: false,
    });
  });

  it("422 exec_failed when it couldn't be started", async () => {
    const { id } = await running();
    const asked = run(id, { command: ["nothing"] });
    const command = await eventually(() => db().sandboxCommand.findFirst({ where: { sessionId: id } }));
    await claimCommand(command.id);
    await answerCommand(command.id, { error: "No such program." });
    expect(await problemOf(await asked)).toMatchObject({
      status: 422,
      code: "exec_failed",
      detail: "No such program.",
    });
  });

  it("409 when it doesn't run, 404 when it isn't there", async () => {
    const { id } = await answerOf(await create({ profile: published.profile.slug }), 201, sessionSchema);
    expect(await refusalOf(await run(id, { command: ["true"] }))).toEqual([409, "not_running"]);
    expect(await refusalOf(await run("nothing", { command: ["true"] }))).toEqual([404, "not_found"]);
  });

  it.each([
    {},
    { command: [] },
    { command: "ls -l" },
    { command: ["a\0b"] },
    { command: ["\ud800"] },
    { command: [1] },
    { command: ["true"], timeoutSeconds: 0 },
    { command: ["true"], timeoutSeconds: 3601 },
    { command: ["true"], cwd: "/" },
    { command: Array.from({ length: 1001 }, () => "x") },
  ])("422: case %#", async (body) => {
    const { id } = await running();
    expect(await refusalOf(await run(id, body))).toEqual([422, "invalid_input"]);
  });
});
