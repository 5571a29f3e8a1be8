import { beforeAll, expect, it } from "vitest";
import { takeCaches } from "@/lib/caches/take.server";
import { cacheSchema } from "@/lib/caches/wire";
import { pageOf } from "@/lib/page";
import { claimBuild } from "@/prisma/factories/builds";
import { makeToken } from "@/prisma/factories/people";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker } from "@/prisma/factories/workers";
import { answerOf, call, refusalOf } from "../testing/call";
import { DELETE, GET } from "./profiles/[profile]/caches/route";

useSuiteDatabase();
const tokens = { viewer: "", operator: "" };
beforeAll(async () => {
  for (const role of ["viewer", "operator"] as const) tokens[role] = await makeToken(role);
});

const list = pageOf(cacheSchema);

it("lists a profile's caches, and takes requests to clear one or all", async () => {
  const { profile, snapshot } = await publishProfile({ caches: ["/root/.npm", "/c"] });
  const params = { profile: profile.slug };
  const read = async () =>
    (await answerOf(await call(GET, { token: tokens.viewer, params }), 200, list)).items;
  const clear = (path: string, token = tokens.operator) =>
    call(DELETE, { token, method: "DELETE", path, params });
  expect(await read()).toEqual([]);
  const { claim } = await claimBuild(snapshot.id, await makeWorker());
  await takeCaches(claim, ["/root/.npm", "/c"], []);
  expect(await read()).toMatchObject([
    { path: "/c", bytes: null, measuredAt: null, clearRequestedAt: null, clearedAt: null },
    { path: "/root/.npm", bytes: null },
  ]);
  expect(await refusalOf(await clear("/", tokens.viewer))).toEqual([403, "forbidden"]);
  expect(await refusalOf(await clear("/?path=/none"))).toEqual([404, "not_found"]);
  expect(await refusalOf(await clear("/?force=1"))).toEqual([422, "invalid_input"]);
  const { items } = await answerOf(await clear("/?path=/c"), 202, list);
  expect(items.map(({ path, clearRequestedAt }) => [path, clearRequestedAt !== null])).toEqual([
    ["/c", true],
    ["/root/.npm", false],
  ]);
  const all = await answerOf(await clear("/"), 202, list);
  expect(all.items.every(({ clearRequestedAt }) => clearRequestedAt !== null)).toBe(true);
  const nobody = await call(GET, { token: tokens.viewer, params: { profile: "nobody" } });
  expect(await refusalOf(nobody)).toEqual([404, "not_found"]);
});
