import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { db } from "@/lib/db/client.server";
import { logLineSchema, snapshotSchema } from "@/lib/snapshots/wire";
import { createToken, revokeToken } from "@/lib/users/create-token.server";
import { systemActor } from "@/lib/users/roles";
import { drainStreamsOnShutdown } from "@/lib/web/streams.server";
import { replaceLog } from "@/prisma/factories/big-log";
import { claimBuild, finishReady, writeLines } from "@/prisma/factories/builds";
import { makeToken } from "@/prisma/factories/people";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { call, eventsOf, refusalOf } from "../testing/call";
import * as log from "./snapshots/[id]/log/route";

useSuiteDatabase();
let token = "";
let worker: TestWorker;
/** A snapshot that is ready, with lines 2 to 41 in twenty chunks. */
let id = "";
const texts = Array.from({ length: 40 }, (_, index) => `line ${index + 2} 日本 \x1b[31mred\x1b[0m <b>`);

beforeAll(async () => {
  token = await makeToken("viewer");
  worker = await makeWorker();
  const claimed = await claimBuild((await publishProfile()).snapshot.id, worker);
  for (let i = 0; i < texts.length; i += 2) await writeLines(claimed, texts.slice(i, i + 2));
  await finishReady(claimed);
  id = claimed.claim.snapshotId;
});

const get = (snapshot: string, query = "", headers: Record<string, string> = {}, signal?: AbortSignal) =>
  call(log.GET, { token, path: query, params: { id: snapshot }, headers, ...(signal ? { signal } : {}) });
const stream = (snapshot: string, headers: Record<string, string> = {}, query = "", signal?: AbortSignal) =>
  get(snapshot, query, { accept: "text/event-stream", ...headers }, signal);

/** The rest of a large log, of which one piece has come: cut off, it is an error, and never an end. */
async function begunDownload(by: string) {
  const claimed = await claimBuild((await publishProfile()).snapshot.id, worker);
  await finishReady(claimed);
  await replaceLog(claimed.claim.snapshotId, 20_000);
  const answer = await call(log.GET, {
    token: by,
    path: "?download=1",
    params: { id: claimed.claim.snapshotId },
  });
  const reader = answer.body?.getReader();
  if (!reader) throw new Error("The answer has no body.");
  expect((await reader.read()).done).toBe(false);
  return reader;
}

const frameSchema = z.object({ attempt: z.number(), firstLine: z.number(), lines: z.array(logLineSchema) });
const linesIn = (data: string) => frameSchema.parse(JSON.parse(data)).lines;

describe("as text", () => {
  it("is all lines, for people and pipes", async () => {
    const response = await get(id);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("content-disposition")).toMatch(
      /^inline; filename="[a-z0-9-]+-v1-snapshot-1\.log"$/,
    );
    expect(await response.text()).toBe(
      `Queued: the version was published (Olga Operator)\n${texts.join("\n")}\n`,
    );
  });

  it.each([
    ["?after=39", [38, 39]],
    ["?after=10&limit=2", [9, 10]],
    ["?before=4", [-1, 0, 1]],
    ["?before=41&limit=2", [37, 38]],
    ["?after=41", []],
    ["?after=2147483647", []],
  ])("%s", async (query, indexes) => {
    const expected = indexes
      .map((index) => `${texts[index] ?? "Queued: the version was published (Olga Operator)"}\n`)
      .join("");
    expect(await (await get(id, query)).text()).toBe(expected);
  });

  it.each(["?after=-1", "?after=x", "?before=1.5", "?limit=0", "?after=99999999999"])(
    "422: %s",
    async (query) => {
      expect(await refusalOf(await get(id, query))).toEqual([422, "invalid_input"]);
    },
  );

  it("404", async () => {
    expect(await refusalOf(await get("nothing"))).toEqual([404, "not_found"]);
    expect(await refusalOf(await stream("0193a1b2-0000-7000-8000-0123456789ab"))).toEqual([404, "not_found"]);
  });

  it("of a build that runs is what is there now", async () => {
    const { snapshot } = await publishProfile();
    const claimed = await claimBuild(snapshot.id, worker);
    await writeLines(claimed, ["so far"]);
    expect(await (await get(snapshot.id)).text()).toMatch(/\nso far\n$/);
  });
});

describe("as a file", () => {
  it("is to be saved, with a name of its own, with its colours or without", async () => {
    const response = await get(id, "?download=1", { accept: "text/event-stream" });
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="[a-z0-9-]+-v1-snapshot-1\.log"$/,
    );
    expect(await response.text()).toContain(`\n${texts[0]}\n`);
    const plain = await get(id, "?download=1&plain=1");
    expect(plain.headers.get("content-disposition")).toMatch(/\.txt"$/);
    expect(await plain.text()).toContain("\nline 2 日本 red <b>\n");
  });

  it("of any size is read at its reader's pace", async () => {
    const claimed = await claimBuild((await publishProfile()).snapshot.id, worker);
    const row = "x".repeat(1_000);
    for (let chunk = 0; chunk < 24; chunk += 1)
      await writeLines(
        claimed,
        Array.from({ length: 256 }, () => row),
      );
    const before = process.memoryUsage().arrayBuffers;
    const reader = (await get(claimed.claim.snapshotId, "?download=1")).body?.getReader();
    let bytes = 0;
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      bytes += part.value.length;
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    }
    expect(bytes).toBeGreaterThan(24 * 256 * 1_001);
  });

  it("410 with a sentence when its time is over", async () => {
    const { snapshot } = await publishProfile();
    await db().$executeRaw`UPDATE snapshots SET log_expired_at = now() WHERE id = ${snapshot.id}::uuid`;
    for (const accept of ["text/plain", "application/x-ndjson", "text/event-stream"])
      expect(await refusalOf(await get(snapshot.id, "", { accept }))).toEqual([410, "log_expired"]);
  });
});

describe("a line that is longer than lists show", () => {
  it("is cut in lists, and whole by its number and as text", async () => {
    const claimed = await claimBuild((await publishProfile()).snapshot.id, worker);
    const long = `${"ä".repeat(20_000)}end`;
    await writeLines(claimed, [long, "next"]);
    await finishReady(claimed);
    const { snapshotId } = claimed.claim;
    const rows = (await (await get(snapshotId, "?after=1", { accept: "application/x-ndjson" })).text())
      .trimEnd()
      .split("\n")
      .map((row) => logLineSchema.parse(JSON.parse(row)));
    expect(rows[0]).toMatchObject({ line: 2, text: "ä".repeat(16_384), more: (20_000 - 16_384) * 2 + 3 });
    expect(rows[1]).not.toHaveProperty("more");
    const events = await Array.fromAsync(eventsOf(await stream(snapshotId)));
    const lines = events.filter(({ event }) => event === "log").flatMap(({ data }) => linesIn(data));
    expect(lines[1]).toEqual(rows[0]);
    expect(await (await get(snapshotId, "?line=2")).text()).toBe(`${long}\n`);
    expect(await (await get(snapshotId, "?line=3")).text()).toBe("next\n");
    expect(await (await get(snapshotId, "?line=99")).text()).toBe("");
  });
});

describe("as ndjson", () => {
  it("is one line of JSON a line, with number, step, stream and time", async () => {
    const response = await get(id, "?after=39", { accept: "application/x-ndjson" });
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((row) => logLineSchema.parse(JSON.parse(row)));
    expect(lines).toEqual([
      { line: 40, step: "setup", stream: "stdout", at: expect.any(String), text: texts[38] },
      { line: 41, step: "setup", stream: "stdout", at: expect.any(String), text: texts[39] },
    ]);
  });
});

/** What the process does about SIGTERM, without the signal. */
function shutdownListener(): () => void {
  const before = new Set(process.listeners("SIGTERM"));
  drainStreamsOnShutdown();
  const added = process.listeners("SIGTERM").filter((listener) => !before.has(listener));
  for (const listener of added)
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.off(signal, listener);
  return () => {
    for (const listener of added) listener("SIGTERM");
  };
}

describe("as an event stream", () => {
  it("of a log that is complete: all of it, its status, and the end", async () => {
    const response = await stream(id);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toContain("no-store");
    const events = await Array.fromAsync(eventsOf(response));
    expect(events.map(({ event }) => event)).toEqual([
      ...Array.from({ length: 21 }, () => "log"),
      "status",
      "end",
    ]);
    expect(events.slice(0, 21).map((event) => event.id)).toEqual(
      Array.from({ length: 21 }, (_, index) => String(index + 1)),
    );
    expect(
      events
        .slice(0, 21)
        .flatMap(({ data }) => linesIn(data).map(({ text }) => text))
        .slice(1),
    ).toEqual(texts);
    expect(snapshotSchema.parse(JSON.parse(events[21]?.data ?? "")).status).toBe("ready");
  });

  it.each([1, 7, 20])("resumes after the event that was seen last: %d", async (seen) => {
    const events = await Array.fromAsync(eventsOf(await stream(id, { "last-event-id": String(seen) })));
    const numbers = events
      .filter(({ event }) => event === "log")
      .flatMap(({ data }) => linesIn(data).map(({ line }) => line));
    expect(numbers[0]).toBe(seen * 2);
    expect(numbers.at(-1)).toBe(41);
  });

  it("resumes by the query, too; the header wins", async () => {
    const firstId = async (response: Response) => (await Array.fromAsync(eventsOf(response)))[0]?.id;
    expect(await firstId(await stream(id, {}, "?after=5"))).toBe("6");
    expect(await firstId(await stream(id, { "last-event-id": "9" }, "?after=5"))).toBe("10");
    expect(await firstId(await stream(id, { "last-event-id": "nonsense" }, "?after=5"))).toBe("6");
  });

  it("204 for a reader that has the end: it doesn't come back", async () => {
    const response = await stream(id, { "last-event-id": "21" });
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect((await stream(id, { "last-event-id": "99999999999999" })).status).toBe(204);
  });

  it("is live: lines come as they are written, then the status, then the end", async () => {
    const { snapshot } = await publishProfile();
    const claimed = await claimBuild(snapshot.id, worker);
    const events = eventsOf(await stream(snapshot.id));
    const next = async () => (await events.next()).value ?? { event: "closed", data: "" };
    expect(await next()).toMatchObject({ event: "status" });
    expect(linesIn((await next()).data)).toMatchObject([{ line: 1 }]);
    for (const text of ["one", "two"]) {
      await writeLines(claimed, [text]);
      expect(linesIn((await next()).data)).toMatchObject([{ text }]);
    }
    await finishReady(claimed);
    const rest = await Array.fromAsync(events);
    expect(rest.at(-1)).toMatchObject({ event: "end" });
    expect(rest.filter(({ event }) => event === "end")).toHaveLength(1);
    expect(JSON.parse(rest.at(-2)?.data ?? "")).toMatchObject({ status: "ready", serving: true });
  });

  it("ends when its reader leaves, and when the process is told to stop", async () => {
    const { snapshot } = await publishProfile();
    await claimBuild(snapshot.id, worker);
    const terminate = shutdownListener();
    const leave = new AbortController();
    const reading = [
      Array.fromAsync(eventsOf(await stream(snapshot.id, {}, "", leave.signal))),
      Array.fromAsync(eventsOf(await stream(snapshot.id))),
    ];
    leave.abort();
    expect((await reading[0])?.map(({ event }) => event)).not.toContain("end");
    const download = await begunDownload(token);
    terminate();
    await expect(download.read()).rejects.toThrow();
    expect((await reading[1])?.map(({ event }) => event)).not.toContain("end");
  });

  it("ends within seconds when its token is revoked", async () => {
    const { snapshot } = await publishProfile();
    await claimBuild(snapshot.id, worker);
    const { token: own, wire } = await createToken({ name: "to be revoked", role: "viewer" });
    const headers = { accept: "text/event-stream" };
    const response = await call(log.GET, { token: own, params: { id: snapshot.id }, headers });
    const reading = Array.fromAsync(eventsOf(response));
    const download = await begunDownload(own);
    const started = performance.now();
    await revokeToken(systemActor, wire.id);
    expect((await reading).map(({ event }) => event)).not.toContain("end");
    expect(performance.now() - started).toBeLessThan(12_000);
    await expect(download.read()).rejects.toThrow();
  }, 20_000);

  it("429 for the forty-first of one user; another user isn't kept out; room comes back", async () => {
    const { snapshot } = await publishProfile();
    const open = await Promise.all(Array.from({ length: 40 }, () => stream(snapshot.id)));
    expect(open.every(({ status }) => status === 200)).toBe(true);
    const refused = await stream(snapshot.id);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(await refusalOf(refused)).toEqual([429, "too_many_streams"]);
    const other = await call(log.GET, {
      token: await makeToken("viewer"),
      params: { id: snapshot.id },
      headers: { accept: "text/event-stream" },
    });
    expect(other.status).toBe(200);
    await Promise.all([...open, other].map(({ body }) => body?.cancel()));
    const again = await stream(snapshot.id);
    expect(again.status).toBe(200);
    await again.body?.cancel();
  });
});
