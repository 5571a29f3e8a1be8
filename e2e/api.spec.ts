/** The REST contract over HTTP: what a script with a token relies on. */
import { healthSchema } from "@/lib/hosts/wire";
import { pageOf } from "@/lib/page";
import { draftSchema, profileSchema, versionSchema } from "@/lib/profiles/wire";
import { sessionSchema } from "@/lib/sessions/wire";
import { logLineSchema, refreshAnswerSchema, snapshotSchema } from "@/lib/snapshots/wire";
import { Api, publishAnswerSchema } from "./fixtures/api";
import { containersOf, docker } from "./fixtures/docker";
import { smallImage } from "./fixtures/environment";
import { readEvents } from "./fixtures/events";
import { unique } from "./fixtures/names";
import { gate, openGate, rows } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

test("from a name to an output, by the paths that are promised", async ({ api }) => {
  const name = unique("By the API");
  const body = {
    name,
    description: "made by a script",
    spec: { baseImage: smallImage, network: "none", setupScript: "echo made > /made", env: { A: "b c" } },
  };
  const created = await api.ask("POST", "/profiles", { body });
  expect(created.status).toBe(201);
  const profile = profileSchema.parse(await created.json());
  api.adopt(profile.slug);
  expect(profile).toMatchObject({
    name,
    description: "made by a script",
    latestVersion: null,
    draft: { revision: 1 },
  });
  expect(await api.call(profileSchema, "GET", `/profiles/${profile.id}`)).toEqual(profile);

  const draft = await api.ask("GET", `/profiles/${profile.slug}/draft`);
  expect(draft.headers.get("etag")).toBe('"1"');
  const { spec } = draftSchema.parse(await draft.json());
  const saved = await api.ask("PUT", `/profiles/${profile.slug}/draft`, {
    body: { ...spec, check: "test -s /made" },
    headers: { "if-match": "1" },
  });
  expect([saved.status, draftSchema.parse(await saved.json()).revision]).toEqual([200, 2]);
  const stale = await api.ask("PUT", `/profiles/${profile.slug}/draft`, {
    body: spec,
    headers: { "if-match": '"1"' },
  });
  expect([stale.status, (await stale.json()).code]).toEqual([412, "stale_draft"]);

  const published = await api.ask("POST", `/profiles/${profile.slug}/publish`, { body: { notes: "first" } });
  expect(published.status).toBe(201);
  const { version, snapshot } = publishAnswerSchema.parse(await published.json());
  expect(version).toMatchObject({
    number: 1,
    state: "published",
    notes: "first",
    usable: false,
    schedule: null,
  });
  expect(snapshot).toMatchObject({ number: 1, trigger: "publish", mode: "full", profileId: profile.id });
  expect(await api.ended(snapshot.id)).toMatchObject({
    status: "ready",
    serving: true,
    failure: null,
    steps: ["base-image", "files", "setup", "capture", "check", "promote"].map((name) => ({
      name,
      status: "done",
    })),
  });
  const { image } = await api.snapshot(snapshot.id);
  expect(await docker("run", "--rm", "--network=none", image?.reference ?? "", "cat", "/made")).toBe("made");
  expect(await api.version(profile.slug)).toMatchObject({
    usable: true,
    servingSnapshot: { id: snapshot.id },
  });

  const refreshed = await api.ask("POST", `/profiles/${profile.slug}/versions/1/refresh`);
  expect(refreshed.status).toBe(202);
  const second = refreshAnswerSchema.parse(await refreshed.json());
  expect(second).toMatchObject({ joined: false, snapshot: { number: 2, trigger: "api" } });
  expect((await api.ended(second.snapshot.id)).status).toBe("ready");
  const lists = [
    `/profiles/${profile.slug}/versions/1/snapshots`,
    `/snapshots?profile=${profile.slug}&status=ready`,
  ];
  for (const path of lists)
    expect((await api.call(pageOf(snapshotSchema), "GET", path)).items.map(({ number }) => number)).toEqual([
      2, 1,
    ]);
  expect(
    (await api.call(pageOf(versionSchema), "GET", `/profiles/${profile.slug}/versions`)).items,
  ).toHaveLength(1);

  const started = await api.ask("POST", "/sessions", {
    body: { profile: profile.slug, wait: "running", name: "api test", env: { C: "d" } },
  });
  expect(started.status).toBe(201);
  const session = sessionSchema.parse(await started.json());
  expect(session).toMatchObject({
    status: "running",
    version: 1,
    snapshotId: second.snapshot.id,
    name: "api test",
    failure: null,
  });
  const answer = await api.exec(session.id, "sh", "-c", 'cat /made; echo "$A $C"; echo wrong >&2; exit 4');
  expect(answer).toEqual({ exitCode: 4, stdout: "made\nb c d\n", stderr: "wrong\n", truncated: false });
  const file = `/sessions/${session.id}/files?path=${encodeURIComponent("/tmp/sent/up.json")}`;
  // Larger than what a server keeps of a body by the way.
  const sent = { sent: "✓".repeat(4 * 1024 * 1024) };
  expect((await api.ask("PUT", file, { body: sent })).status).toBe(204);
  const back = await api.ask("GET", file);
  expect(back.headers.get("x-file-size")).toBe(String(Buffer.byteLength(JSON.stringify(sent))));
  expect(back.headers.get("x-content-type-options")).toBe("nosniff");
  expect(back.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''up.json");
  expect((await back.text()) === JSON.stringify(sent)).toBe(true);
  expect((await api.ask("DELETE", file)).status).toBe(204);
  expect((await api.ask("GET", file)).status).toBe(404);
  const streamed = await api.ask("POST", `/sessions/${session.id}/exec`, {
    body: { command: ["sh", "-c", "echo out; echo err >&2; exit 3"] },
    headers: { accept: "application/x-ndjson" },
  });
  expect(streamed.headers.get("content-type")).toBe("application/x-ndjson");
  const frames = (await streamed.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(frames.at(-1)).toEqual({ exitCode: 3, truncated: false });
  expect(frames).toContainEqual({ stream: "stdout", text: "out\n" });
  expect(frames).toContainEqual({ stream: "stderr", text: "err\n" });
  const events = await api.ask("POST", `/sessions/${session.id}/exec`, {
    body: { command: ["echo", "out"] },
    headers: { accept: "text/event-stream" },
  });
  expect(await events.text()).toBe(
    'event: output\ndata: {"stream":"stdout","text":"out\\n"}\n\nevent: exit\ndata: {"exitCode":0,"truncated":false}\n\n',
  );
  expect((await api.ask("POST", `/sessions/${session.id}/stop`)).status).toBe(202);
  await expect.poll(async () => (await api.session(session.id)).status, { timeout: 15_000 }).toBe("stopped");
  expect(
    (await api.ask("POST", `/sessions/${session.id}/exec`, { body: { command: ["true"] } })).status,
  ).toBe(409);
  expect((await api.ask("DELETE", `/sessions/${session.id}`)).status).toBe(204);
  expect((await api.ask("GET", `/sessions/${session.id}`)).status).toBe(404);
  await expect.poll(() => containersOf(session.id)).toEqual([]);

  expect((await api.ask("DELETE", `/profiles/${profile.slug}`)).status).toBe(200);
  expect((await api.ask("POST", "/sessions", { body: { profile: profile.slug } })).status).toBe(409);
});

test("a log is read as text, as lines and by ranges", async ({ api }) => {
  const { snapshot } = await api.publishReady("Log formats", { setupScript: rows(1, 50) });
  const path = `/snapshots/${snapshot.id}/log`;
  const lines = await api.log(snapshot.id);
  expect(lines.map(({ line }) => line)).toEqual(lines.map((_line, index) => index + 1));
  const text = await api.ask("GET", path);
  expect(text.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(await text.text()).toBe(`${lines.map((line) => line.text).join("\n")}\n`);
  const part = await api.ask("GET", `${path}?after=10&limit=5`, {
    headers: { accept: "application/x-ndjson" },
  });
  expect(part.headers.get("content-type")).toBe("application/x-ndjson");
  const parsed = (await part.text())
    .trim()
    .split("\n")
    .map((line) => logLineSchema.parse(JSON.parse(line)));
  expect(parsed).toEqual(lines.slice(10, 15));
});

test("a live log resumes after the last event that arrived, and ends", async ({ api }) => {
  const setupScript = [rows(1, 200), gate("a"), rows(201, 400), gate("b"), rows(401, 600)].join("\n");
  const { snapshot } = await api.publishProfile("Live log", { setupScript });
  const path = `/snapshots/${snapshot.id}/log`;
  const printed = (events: Awaited<ReturnType<typeof readEvents>>) =>
    events.flatMap(({ event, data }) =>
      event === "log" ? (data as { lines: Array<{ text: string }> }).lines.map(({ text }) => text) : [],
    );

  // The connection is cut in the middle, and again after a few more.
  const first = await readEvents(api, path, { until: (events) => printed(events).includes("row 200") });
  await openGate(snapshot.id, "a");
  const lastId = first.findLast(({ id }) => id !== "")?.id ?? "";
  const second = await readEvents(api, path, {
    lastId,
    until: (events) => printed(events).includes("row 400"),
  });
  await openGate(snapshot.id, "b");
  const third = await readEvents(api, path, { lastId: second.findLast(({ id }) => id !== "")?.id ?? "" });

  const all = [...first, ...second, ...third];
  expect(printed(all)).toEqual((await api.log(snapshot.id)).map(({ text }) => text));
  expect(all.filter(({ event }) => event === "log").map(({ id }) => Number(id))).toEqual(
    all.filter(({ event }) => event === "log").map((_event, index) => index + 1),
  );
  expect(third.slice(-2).map(({ event }) => event)).toEqual(["status", "end"]);
  expect(snapshotSchema.parse(third.at(-2)?.data).status).toBe("ready");

  const over = await api.ask("GET", path, {
    headers: {
      accept: "text/event-stream",
      "last-event-id": third.findLast(({ id }) => id !== "")?.id ?? "",
    },
  });
  expect(over.status).toBe(204);
});

test("health needs no token; everything else does", async () => {
  const stranger = new Api(null);
  const health = await stranger.call(healthSchema, "GET", "/health");
  expect(health).toMatchObject({ status: "ok", database: "ok", workers: [{ status: "running" }] });
  for (const api of [stranger, new Api("kiln_wrong"), new Api("nonsense")]) {
    const refused = await api.ask("GET", "/profiles");
    expect([refused.status, (await refused.json()).code]).toEqual([401, "unauthenticated"]);
  }
});

test("refusals are problems with a code, and name each wrong field", async ({ api }) => {
  const answer = await api.ask("POST", "/profiles", {
    body: { name: "", spec: { baseImage: "UPPER", env: { "1A": "x" }, resources: { cpus: 0 }, nonsense: 1 } },
  });
  expect(answer.status).toBe(422);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const problem = (await answer.json()) as { errors: Array<{ path: string }> };
  expect(problem).toMatchObject({ code: "invalid_input", status: 422, title: "invalid input" });
  expect(problem.errors.map(({ path }) => path).sort()).toEqual([
    "name",
    "spec.baseImage",
    "spec.env.1A",
    "spec.nonsense",
    "spec.resources.cpus",
  ]);

  const { profile, snapshot } = await api.publishProfile("Refusals", { setupScript: "exit 1" });
  expect((await api.ended(snapshot.id)).status).toBe("failed");
  expect((await api.ask("POST", `/profiles/${profile.slug}/draft`, { body: { from: 1 } })).status).toBe(201);
  const refusals: Array<[status: number, code: string, method: string, path: string, body?: unknown]> = [
    [404, "not_found", "GET", "/profiles/no-such-profile"],
    [404, "not_found", "GET", `/profiles/${profile.slug}/versions/7`],
    [404, "not_found", "GET", "/snapshots/00000000-0000-7000-8000-000000000000"],
    [409, "draft_exists", "POST", `/profiles/${profile.slug}/draft`, {}],
    [409, "version_not_usable", "POST", "/sessions", { profile: profile.slug }],
    [422, "invalid_input", "POST", "/sessions", { profile: profile.slug, env: { "NOT OK": "" } }],
  ];
  for (const [status, code, method, path, body] of refusals) {
    const refused = await api.ask(method, path, { body });
    expect([refused.status, ((await refused.json()) as { code: string }).code], path).toEqual([status, code]);
  }
  expect((await api.ask("DELETE", `/profiles/${profile.slug}/draft`)).status).toBe(204);
  const gone = await api.ask("GET", `/profiles/${profile.slug}/draft`);
  expect([gone.status, (await gone.json()).code]).toEqual([404, "no_draft"]);
});
