import { beforeAll, describe, expect, it } from "vitest";
import { changeSchema } from "@/lib/events/wire";
import { claimBuild, finishReady, requestRefresh, writeLines } from "@/prisma/factories/builds";
import { makeToken } from "@/prisma/factories/people";
import { makeProfile, publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import * as events from "./events/route";
import { call, eventsOf, refusalOf } from "./testing/call";

useSuiteDatabase();
let token = "";
let worker: TestWorker;
beforeAll(async () => {
  token = await makeToken("viewer");
  worker = await makeWorker();
});

/** A tab's stream that is listening already: the first change that it is sent shows it. */
async function openTab(query = "", headers: Record<string, string> = {}) {
  const leave = new AbortController();
  const response = await call(events.GET, { token, path: query, headers, signal: leave.signal });
  expect(response.status).toBe(200);
  const source = eventsOf(response);
  return {
    leave,
    /** The next event that fits. @throws Error when the stream ends before. */
    async next(
      fits: (event: string, data: string) => boolean,
    ): Promise<{ id: string | undefined; data: string }> {
      for (;;) {
        const { value, done } = await source.next();
        if (done) throw new Error("The stream ended.");
        if (fits(value.event ?? "", value.data)) return { id: value.id, data: value.data };
      }
    },
    rest: () => Array.fromAsync(source),
  };
}

const changeOf = (kind: string, id: string) => (event: string, data: string) => {
  if (event !== "change") return false;
  const change = changeSchema.parse(JSON.parse(data));
  return change.kind === kind && change.id === id;
};

describe("GET /api/events", () => {
  it("points at what changed, never with the thing itself", async () => {
    const tab = await openTab();
    const waiting = tab.next((event) => event === "change");
    const profile = await makeProfile();
    const first = await waiting;
    expect(Object.keys(JSON.parse(first.data) as object).toSorted()).toEqual(["id", "kind"]);
    const { snapshot } = await publishProfile();
    await tab.next(changeOf("snapshot", snapshot.id));
    await claimBuild(snapshot.id, worker);
    await tab.next(changeOf("snapshot", snapshot.id));
    expect(profile.id).not.toBe(snapshot.id);
    tab.leave.abort();
    expect((await tab.rest()).every(({ event }) => event === "change")).toBe(true);
  });

  it("carries the log of the snapshot that the tab looks at, and goes on with changes after its end", async () => {
    const { profile, snapshot } = await publishProfile();
    const claimed = await claimBuild(snapshot.id, worker);
    const tab = await openTab(`?log=${snapshot.id}`);
    await tab.next((event) => event === "status");
    await writeLines(claimed, ["hello"]);
    expect(await tab.next((event, data) => event === "log" && data.includes("hello"))).toMatchObject({
      id: "2",
    });
    await finishReady(claimed);
    await tab.next((event) => event === "end");
    const { snapshot: second } = await requestRefresh(profile.id);
    await tab.next(changeOf("snapshot", second.id));
    tab.leave.abort();
    await tab.rest();
  });

  it("resumes the log at the browser's cursor", async () => {
    const { snapshot } = await publishProfile();
    const claimed = await claimBuild(snapshot.id, worker);
    await writeLines(claimed, ["one"]);
    await writeLines(claimed, ["two"]);
    for (const [query, headers, first] of [
      ["&after=1", {}, "2"],
      ["", { "last-event-id": "2" }, "3"],
      ["&after=1", { "last-event-id": "2" }, "3"],
    ] as const) {
      const tab = await openTab(`?log=${snapshot.id}${query}`, headers);
      expect((await tab.next((event) => event === "log")).id).toBe(first);
      tab.leave.abort();
      await tab.rest();
    }
  });

  it.each(["?log=nothing", "?after=-1", "?after=99999999999"])("422: %s", async (query) => {
    expect(await refusalOf(await call(events.GET, { token, path: query }))).toEqual([422, "invalid_input"]);
  });
});
