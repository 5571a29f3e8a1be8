/** What the log viewer asks for: a log's outline, and its text for a search. */
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { outlineSchema } from "@/lib/logs/outline";
import { compactLog } from "@/lib/snapshots/compact-log.server";
import { findLastGood } from "@/lib/snapshots/last-good.server";
import {
  claimBuild,
  finishFailed,
  finishReady,
  publishReady,
  requestRefresh,
  writeLines,
} from "@/prisma/factories/builds";
import { makeToken } from "@/prisma/factories/people";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { call } from "../testing/call";
import * as outline from "./snapshots/[id]/log/outline/route";
import * as text from "./snapshots/[id]/log/text/route";

useSuiteDatabase();
let token = "";
let worker: TestWorker;
/** A snapshot that is ready, with lines 2 to 41 in twenty chunks. */
let id = "";
const texts = Array.from({ length: 40 }, (_, index) => `line ${index + 2} 日本`);

beforeAll(async () => {
  token = await makeToken("viewer");
  worker = await makeWorker();
  const claimed = await claimBuild((await publishProfile()).snapshot.id, worker);
  for (let index = 0; index < texts.length; index += 2)
    await writeLines(claimed, texts.slice(index, index + 2));
  await finishReady(claimed);
  id = claimed.claim.snapshotId;
});

const ask = (route: typeof text | typeof outline, path = "", as = token) =>
  call(route.GET, { token: as, path, params: { id } });

describe.each([
  ["while it is chunks", async () => 0],
  ["when it is packed", () => compactLog(id)],
])("%s", (_when, before) => {
  beforeAll(before);

  it("has an outline", async () => {
    const { lines, complete, sections } = outlineSchema.parse(await (await ask(outline)).json());
    expect([lines, complete]).toEqual([41, true]);
    expect(sections.map(({ step, from, to }) => [step, from, to])).toEqual([
      ["kiln", 1, 1],
      ["setup", 2, 41],
    ]);
  });

  it.each([0, 1, 2, 10, 11, 40, 41, 99])("has its text after line %i", async (after) => {
    const all = ["Queued: the version was published (Olga Operator)", ...texts];
    const response = await ask(text, `?after=${after}`);
    expect(response.headers.get("cache-control")).toBe("no-store, no-transform");
    expect(await response.text()).toBe(
      all
        .slice(after)
        .map((line) => `${line}\n`)
        .join(""),
    );
  });
});

it("is for whoever is signed in", async () => {
  expect((await ask(outline, "", "")).status).toBe(401);
  expect((await ask(text, "", "")).status).toBe(401);
  expect((await ask(text, "?after=-1")).status).toBe(422);
});

it("finds the snapshot that a failed one is compared with", async () => {
  const published = await publishReady(worker);
  const { snapshot } = await requestRefresh(published.profile.id);
  await finishFailed(await claimBuild(snapshot.id, worker));
  expect((await findLastGood(snapshot.id))?.id).toBe(published.snapshot.id);
  expect(await findLastGood(published.snapshot.id)).toBeNull();
  // Without its log there is nothing to compare with.
  await db().snapshot.update({ where: { id: published.snapshot.id }, data: { logExpiredAt: new Date() } });
  expect(await findLastGood(snapshot.id)).toBeNull();
});
