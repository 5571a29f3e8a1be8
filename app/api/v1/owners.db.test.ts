import { beforeAll, expect, it } from "vitest";
import { pageOf } from "@/lib/page";
import { ownerSchema } from "@/lib/profiles/wire";
import { makeToken, makeUser } from "@/prisma/factories/people";
import { makeProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { answerOf, call, refusalOf } from "../testing/call";
import * as inbox from "./inbox/route";
import * as unread from "./inbox/unread/route";
import * as wishes from "./inbox/wishes/route";
import * as owners from "./profiles/[profile]/owners/route";

useSuiteDatabase();
const tokens = { viewer: "", operator: "" };
beforeAll(async () => {
  for (const role of ["viewer", "operator"] as const) tokens[role] = await makeToken(role);
});

it("owners are read by everybody and set by operators, as a whole", async () => {
  const { slug } = await makeProfile();
  const [ann, ben] = [await makeUser("viewer", "Ann"), await makeUser("viewer", "Ben")];
  const params = { profile: slug };
  const put = (userIds: unknown, token = tokens.operator) =>
    call(owners.PUT, { token, method: "PUT", params, body: { userIds } });
  const page = pageOf(ownerSchema);
  expect((await answerOf(await put([ben.id, ann.id]), 200, page)).items).toMatchObject([
    { name: "Ann", email: ann.email, disabled: false },
    { name: "Ben" },
  ]);
  await put([ann.id]);
  const read = await answerOf(await call(owners.GET, { token: tokens.viewer, params }), 200, page);
  expect(read.items).toMatchObject([{ id: ann.id }]);
  expect(await refusalOf(await put([], tokens.viewer))).toEqual([403, "forbidden"]);
  expect(await refusalOf(await put(["nobody"]))).toEqual([422, "invalid_input"]);
  expect(await refusalOf(await put([crypto.randomUUID()]))).toEqual([422, "invalid_input"]);
  expect((await answerOf(await put([]), 200, page)).items).toEqual([]);
});

it("a token has no inbox, and a stranger sees none", async () => {
  for (const { GET } of [inbox, unread, wishes]) {
    expect(await refusalOf(await call(GET, { token: tokens.operator, params: {} }))).toEqual([
      409,
      "no_person",
    ]);
    expect(await refusalOf(await call(GET, { token: "kiln_wrong", params: {} }))).toEqual([
      401,
      "unauthenticated",
    ]);
  }
});
