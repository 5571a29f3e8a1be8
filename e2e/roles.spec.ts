/** Who may do what: shown in the page, and decided on the server. */
import { gate, openGate } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

const changing =
  /^(New|Publish|Refresh|Retry|Try|Remove|Cancel|Start|Stop|Delete|Discard|Archive(?!d)|Bring|Save|Serve|Sweep|Actions for version)/;

test("a viewer sees everything and can change nothing", async ({ viewer: page, api }) => {
  const { profile, snapshot } = await api.publishReady("Seen by all", { env: { SEEN: "by all" } });
  const session = await api.startSession(profile.slug);
  await api.ask("POST", `/profiles/${profile.slug}/draft`, { body: {} });
  const building = await api.publishProfile("Being built", { setupScript: gate() });

  const seen: Array<[path: string, sees: string]> = [
    [`/profiles?q=${profile.slug}`, profile.name],
    [`/profiles/${profile.slug}`, "New sessions can start."],
    [`/profiles/${profile.slug}/draft`, "You may read this draft; an operator can change it."],
    [`/profiles/${profile.slug}/sessions`, session.name],
    [`/profiles/${profile.slug}/settings`, profile.id],
    [`/profiles/${building.profile.slug}`, "Still being prepared."],
    [`/snapshots/${snapshot.id}`, "Ready: new sessions can start"],
    [`/snapshots/${building.snapshot.id}`, "Setup script, as root"],
    ["/snapshots", profile.name],
    ["/sessions", session.name],
    [`/sessions/${session.id}`, "A terminal takes an operator"],
    ["/hosts", "Container engines"],
    ["/settings", "Sees everything, and changes nothing."],
    ["/settings/secrets", "Values that builds are given"],
  ];
  for (const [path, sees] of seen) {
    await page.goto(path);
    const shown = page.getByText(sees).or(page.getByPlaceholder(sees));
    await expect(shown.filter({ visible: true }).first(), path).toBeVisible({ timeout: 20_000 });
    const main = page.getByRole("main").or(page.getByRole("banner"));
    await expect(main.getByRole("button", { name: changing }), path).toHaveCount(0);
    for (const field of await main.getByRole("textbox").filter({ visible: true }).all())
      if (path !== "/settings") await expect(field, path).not.toBeEditable();
  }

  // A profile's menu has only what changes nothing.
  await page.goto(`/profiles?q=${profile.slug}`);
  await page.getByRole("button", { name: `Actions for ${profile.name}` }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Read draft", "Copy slug"]);
  await openGate(building.snapshot.id);
});

test("what a viewer asks for directly is refused", async ({ crew, api }) => {
  const { profile, snapshot } = await api.publishReady("Refused");
  const session = await api.startSession(profile.slug);
  const viewer = await crew.api("viewer");
  const before = JSON.stringify(await api.version(profile.slug));
  const spec = { baseImage: "debian" };
  const asked: Array<[method: string, path: string, body?: unknown]> = [
    ["POST", "/profiles", { name: "Mine" }],
    ["PATCH", `/profiles/${profile.slug}`, { name: "Mine" }],
    ["DELETE", `/profiles/${profile.slug}`],
    ["POST", `/profiles/${profile.slug}/draft`, {}],
    ["PUT", `/profiles/${profile.slug}/draft`, spec],
    ["DELETE", `/profiles/${profile.slug}/draft`],
    ["POST", `/profiles/${profile.slug}/publish`, {}],
    ["POST", `/profiles/${profile.slug}/versions/1/refresh`, {}],
    ["POST", `/snapshots/${snapshot.id}/cancel`],
    ["POST", "/sessions", { profile: profile.slug }],
    ["POST", `/sessions/${session.id}/exec`, { command: ["id"] }],
    ["POST", `/sessions/${session.id}/stop`],
    ["DELETE", `/sessions/${session.id}`],
    ["PUT", "/secrets/MINE", { value: "mine, all mine" }],
    ["DELETE", "/secrets/MINE"],
  ];
  for (const [method, path, body] of asked) {
    const answer = await viewer.ask(method, path, { body });
    expect(answer.status, `${method} ${path}`).toBe(403);
    expect(await answer.json()).toMatchObject({ code: "forbidden", status: 403 });
  }
  expect(JSON.stringify(await api.version(profile.slug))).toBe(before);
  expect((await api.session(session.id)).status).toBe("running");
});

test("a server action is refused, too, when somebody sends it by hand", async ({ as, api }) => {
  const { profile } = await api.publishReady("By hand");
  const operator = await as("operator");
  await operator.goto(`/profiles/${profile.slug}`);
  const sent = operator.waitForRequest(
    (request) => request.method() === "POST" && "next-action" in request.headers(),
  );
  await operator.getByRole("button", { name: "Refresh version 1" }).click();
  const request = await sent;
  await expect(operator.getByText("Snapshot #2 is queued.")).toBeVisible();
  for (const snapshot of await api.snapshots(profile.slug)) await api.ended(snapshot.id);

  // The very same request, with a viewer's cookie.
  const viewer = await as("viewer");
  const headers = Object.fromEntries(
    ["next-action", "content-type", "accept", "next-router-state-tree"].map((name) => [
      name,
      request.headers()[name] ?? "",
    ]),
  );
  const send = (origin: string) =>
    viewer.request.post(request.url(), {
      headers: { ...headers, origin },
      data: request.postDataBuffer() ?? "",
    });
  const refused = await (await send(new URL(request.url()).origin)).text();
  expect(refused).toContain('"code":"forbidden"');
  expect((await send("https://elsewhere.example")).status()).toBeGreaterThanOrEqual(400);
  expect(await api.snapshots(profile.slug)).toHaveLength(2);
});

test("pages for administrators don't exist for others", async ({ operator: page, watch }) => {
  watch.expect(/404/);
  await page.goto("/settings");
  await expect(page.getByRole("navigation", { name: "Settings" }).getByRole("link")).toHaveText([
    "Account",
    "Your notifications",
    "Secrets",
  ]);
  for (const path of ["/settings/users", "/settings/tokens"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "There is nothing at this address." })).toBeVisible();
  }
});
