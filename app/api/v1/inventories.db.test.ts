import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { claimInventory, releaseInventory, storeInventory } from "@/lib/inventories/take.server";
import { comparisonSchema, inventorySchema, inventorySummarySchema } from "@/lib/inventories/wire";
import { retire } from "@/lib/snapshots/retention.server";
import { claimBuild, claimRefresh, finishFailed, finishReady, publishReady } from "@/prisma/factories/builds";
import { fillInventory, makeContent } from "@/prisma/factories/inventories";
import { makeToken } from "@/prisma/factories/people";
import { type Published, publishNext, publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { answerOf, call, problemOf, refusalOf } from "../testing/call";
import * as compare from "./snapshots/[id]/compare/route";
import * as inventory from "./snapshots/[id]/inventory/route";
import * as summary from "./snapshots/[id]/inventory/summary/route";

useSuiteDatabase();
let token = "";
beforeAll(async () => {
  token = await makeToken("viewer");
});

const nobody = "01930000-0000-7000-8000-000000000000";
const askInventory = (id: string, wait = 0) =>
  call(inventory.GET, { token, params: { id }, path: `?wait=${wait}` });
const askCompare = (id: string, query = "wait=0") =>
  call(compare.GET, { token, params: { id }, path: `?${query}` });
const askSummary = (id: string) => call(summary.GET, { token, params: { id } });

const curl = (version: string) => ({
  packages: [{ manager: "apt" as const, name: "curl", version }],
  bytes: Number.parseInt(version, 10),
});

/** The profile's next ready snapshot of version 1, with this inventory. */
async function refreshed(published: Published, worker: TestWorker, version: string): Promise<string> {
  await finishReady(await claimRefresh(published, worker));
  return fillInventory(worker, curl(version));
}

describe("GET /snapshots/{id}/inventory", () => {
  it("200 for a viewer: packages, new programs, sizes; also when the image was removed", async () => {
    const worker = await makeWorker();
    const published = await publishReady(worker);
    const { id } = published.snapshot;
    await fillInventory(worker);
    await refreshed(published, worker, "8");
    await retire(id, 1);
    expect(await answerOf(await askInventory(id), 200, inventorySchema)).toMatchObject({
      snapshot: { id, number: 1, version: 1, profile: { slug: published.profile.slug } },
      packages: [{ manager: "apt", name: "curl", version: "7.88.1" }],
      executables: ["/usr/bin/curl"],
      executablesOnPath: 2,
      baseKnown: true,
      folders: [{ path: "/usr", files: 2, bytes: 2_000 }],
      files: 2,
      bytes: 2_000,
      truncated: false,
    });
  });

  it("all programs when the base image's are unknown", async () => {
    const worker = await makeWorker();
    await publishReady(worker);
    const id = await fillInventory(worker, { newPrograms: null });
    expect(await answerOf(await askInventory(id), 200, inventorySchema)).toMatchObject({
      executables: ["/usr/bin/curl", "/usr/bin/sh"],
      baseKnown: false,
    });
  });

  it("404 for none; 409 while it isn't ready; 404 for one that failed; 401 for strangers", async () => {
    const worker = await makeWorker();
    expect(await refusalOf(await askInventory(nobody))).toEqual([404, "not_found"]);
    expect(await refusalOf(await askInventory("x"))).toEqual([404, "not_found"]);
    const published = await publishProfile();
    expect(await refusalOf(await askInventory(published.snapshot.id))).toEqual([409, "snapshot_not_ready"]);
    await finishFailed(await claimBuild(published.snapshot.id, worker));
    expect(await refusalOf(await askInventory(published.snapshot.id))).toEqual([404, "no_inventory"]);
    expect(await refusalOf(await call(inventory.GET, { token: "nobodys", params: { id: nobody } }))).toEqual([
      401,
      "unauthenticated",
    ]);
    expect(await refusalOf(await askInventory(nobody, -1))).toEqual([422, "invalid_input"]);
  });

  it("409 while it is being taken and when it was given up; the summary says the same", async () => {
    const worker = await makeWorker();
    const { snapshot } = await publishReady(worker);
    expect(await refusalOf(await askInventory(snapshot.id))).toEqual([409, "inventory_pending"]);
    for (const error of ["first", "second", "The engine was away."]) {
      await claimInventory(worker);
      await releaseInventory(snapshot.id, worker.id, error);
      await db().inventory.update({ where: { snapshotId: snapshot.id }, data: { retryAt: null } });
    }
    const problem = await problemOf(await askInventory(snapshot.id));
    expect(problem).toMatchObject({ status: 409, code: "inventory_given_up" });
    expect(problem.detail).toContain("The engine was away.");
    expect(await answerOf(await askSummary(snapshot.id), 200, inventorySummarySchema)).toMatchObject({
      state: "given_up",
      tries: 3,
      error: "The engine was away.",
      previous: null,
    });
  });

  it("waits for one that is being taken, and answers when it is there", async () => {
    const worker = await makeWorker();
    const { snapshot } = await publishReady(worker);
    await claimInventory(worker);
    const asked = askInventory(snapshot.id, 30);
    expect(await storeInventory(snapshot.id, worker.id, makeContent())).toBe(true);
    expect(await answerOf(await asked, 200, inventorySchema)).toMatchObject({ files: 2 });
  });
});

describe("GET /snapshots/{id}/compare", () => {
  it("with the one before of its version, unless asked otherwise", async () => {
    const worker = await makeWorker();
    const published = await publishReady(worker);
    const first = await fillInventory(worker, curl("7"));
    await finishFailed(await claimRefresh(published, worker));
    const third = await refreshed(published, worker, "8");
    const fourth = await refreshed(published, worker, "9");
    const ask = async (id: string, query?: string) =>
      answerOf(await askCompare(id, query), 200, comparisonSchema);
    expect(await ask(fourth)).toMatchObject({
      snapshot: { number: 4 },
      with: { id: third, number: 3, chosen: "earlier_snapshot" },
      packages: { added: [], removed: [], changed: [{ manager: "apt", name: "curl", from: "8", to: "9" }] },
      bytes: 1,
    });
    // The failed one has nothing inside.
    expect((await ask(third)).with).toMatchObject({ id: first, number: 1 });
    expect(await ask(fourth, `with=${first}`)).toMatchObject({
      with: { id: first, chosen: "asked" },
      packages: { changed: [{ from: "7", to: "9" }] },
      bytes: 2,
    });
    expect((await ask(fourth, `with=${fourth}`)).packages).toEqual({ added: [], removed: [], changed: [] });
  });

  it("a version's first one with the newest of the version before; removed ones count", async () => {
    const worker = await makeWorker();
    const published = await publishReady(worker);
    const first = await fillInventory(worker, curl("7"));
    const second = await refreshed(published, worker, "8");
    await retire(first, 1);
    const next = await publishNext(published.profile.id);
    await finishReady(await claimBuild(next.snapshot.id, worker));
    await fillInventory(worker, { ...curl("8"), packages: [] });
    const answer = await answerOf(await askCompare(next.snapshot.id), 200, comparisonSchema);
    expect(answer.with).toMatchObject({ id: second, version: 1, chosen: "earlier_version" });
    expect(answer.packages.removed).toEqual([{ manager: "apt", name: "curl", version: "8" }]);
    expect((await answerOf(await askCompare(second), 200, comparisonSchema)).with.id).toBe(first);
    expect(
      (await answerOf(await askSummary(next.snapshot.id), 200, inventorySummarySchema)).previous,
    ).toMatchObject({ id: second, number: 2 });
  });

  it("404 without one before and for one that isn't there; 409 while either is being taken", async () => {
    const worker = await makeWorker();
    const published = await publishReady(worker);
    const id = await fillInventory(worker, curl("7"));
    expect(await refusalOf(await askCompare(id))).toEqual([404, "nothing_to_compare"]);
    expect(await refusalOf(await askCompare(id, `wait=0&with=${nobody}`))).toEqual([404, "not_found"]);
    expect(await refusalOf(await askCompare(id, "wait=0&with=x"))).toEqual([404, "not_found"]);
    expect(await refusalOf(await askCompare(nobody))).toEqual([404, "not_found"]);
    await finishReady(await claimRefresh(published, worker));
    const second = await db().snapshot.findFirstOrThrow({
      where: { profileId: published.profile.id, number: 2 },
    });
    expect(await refusalOf(await askCompare(second.id))).toEqual([409, "inventory_pending"]);
    expect(await refusalOf(await askCompare(id, `wait=0&with=${second.id}`))).toEqual([
      409,
      "inventory_pending",
    ]);
  });
});
