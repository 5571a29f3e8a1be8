import { beforeAll, expect, it } from "vitest";
import { sessionSchema } from "@/lib/sessions/wire";
import { persistedSchema, persistenceSchema } from "@/lib/volumes/wire";
import { claimBuild, finishReady } from "@/prisma/factories/builds";
import { makeToken } from "@/prisma/factories/people";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker } from "@/prisma/factories/workers";
import { answerOf, call, refusalOf } from "../testing/call";
import * as persistence from "./persistence/route";
import * as move from "./sessions/[id]/move/route";
import * as persistent from "./sessions/[id]/persistent/route";
import * as one from "./sessions/[id]/route";
import * as sessions from "./sessions/route";

useSuiteDatabase();
const tokens = { viewer: "", operator: "", admin: "" };
beforeAll(async () => {
  for (const role of ["viewer", "operator", "admin"] as const) tokens[role] = await makeToken(role);
});

it("allows, starts, shows, moves and deletes persistent sessions", async () => {
  const allow = (token: string) => call(persistence.PUT, { token, method: "PUT", body: { allowed: true } });
  expect(await refusalOf(await allow(tokens.operator))).toEqual([403, "forbidden"]);
  const { profile, snapshot } = await publishProfile({ persistentPaths: ["/data"] });
  await finishReady(await claimBuild(snapshot.id, await makeSessionWorker()));
  const token = tokens.operator;
  const start = () =>
    call(sessions.POST, {
      token,
      method: "POST",
      body: { profile: profile.slug, name: "a b", persistent: true },
    });
  expect(await refusalOf(await start())).toEqual([409, "persistent_not_allowed"]);
  expect(await answerOf(await allow(tokens.admin), 200, persistenceSchema)).toMatchObject({ allowed: true });
  const read = await call(persistence.GET, { token: tokens.viewer });
  expect(await answerOf(read, 200, persistenceSchema)).toMatchObject({ allowed: true, archiveDays: 30 });

  const { id } = await answerOf(await start(), 201, sessionSchema);
  const params = { id };
  const shown = await call(persistent.GET, { token: tokens.viewer, params });
  expect((await answerOf(shown, 200, persistedSchema)).volumes).toMatchObject([
    { path: "/data", state: "new" },
  ]);
  const moved = (body: object) => call(move.POST, { token, method: "POST", params, body });
  expect(await refusalOf(await moved({}))).toEqual([409, "newest_already"]);
  expect(await refusalOf(await moved({ version: 7 }))).toEqual([404, "not_found"]);
  expect(await refusalOf(await moved({ version: 0 }))).toEqual([422, "invalid_input"]);

  const remove = (path: string) => call(one.DELETE, { token, method: "DELETE", params, path });
  expect(await refusalOf(await remove("/"))).toEqual([409, "confirmation_needed"]);
  expect(await refusalOf(await remove("/?confirm=ab"))).toEqual([409, "confirmation_needed"]);
  expect((await remove("/?confirm=a%20b")).status).toBe(204);
});
