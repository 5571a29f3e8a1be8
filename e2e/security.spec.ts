/** What keeps others out of a browser that is signed in. */
import { kilnUrl } from "./fixtures/environment";
import { expect, test } from "./fixtures/test";

test("every page has a policy that lets only Kiln's own scripts run", async ({ viewer: page }) => {
  const nonces = new Set<string>();
  for (const path of ["/sign-in", "/profiles", "/hosts", "/no-such-page", "/api/v1/health"]) {
    const answer = await page.request.get(path, { maxRedirects: 0 });
    const headers = answer.headers();
    const policy = Object.fromEntries(
      (headers["content-security-policy"] ?? "").split("; ").map((part) => {
        const [name = "", ...values] = part.split(" ");
        return [name, values.join(" ")];
      }),
    );
    expect(policy["default-src"], path).toBe("'none'");
    expect(policy["script-src"], path).toMatch(/^'nonce-[\w+/=]{16,}' 'strict-dynamic'$/);
    expect(policy["frame-ancestors"], path).toBe("'none'");
    expect(policy["base-uri"], path).toBe("'none'");
    expect(policy["form-action"], path).toBe("'self'");
    expect(headers["x-content-type-options"], path).toBe("nosniff");
    expect(headers["referrer-policy"], path).toBe("same-origin");
    expect(headers["x-powered-by"], path).toBeUndefined();
    nonces.add(policy["script-src"] ?? "");
  }
  expect(nonces.size, "a nonce is used once").toBe(5);
});

test("a script that gets into a page doesn't run, and no other site can show Kiln", async ({
  viewer: page,
  watch,
}) => {
  watch.expect(/Content Security Policy|favicon\.ico/);
  await page.goto("/profiles");
  await page.evaluate(() => {
    const script = document.createElement("img");
    script.setAttribute("onerror", "window.hacked = true");
    script.src = "data:text/plain,not an image";
    const failed = new Promise((resolve) => script.addEventListener("error", resolve));
    document.body.append(script);
    return failed;
  });
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  expect(
    await page.evaluate(() =>
      fetch("https://example.com/").then(
        () => "sent",
        () => "refused",
      ),
    ),
  ).toBe("refused");

  await page.goto(`${kilnUrl}/api/v1/health`);
  await page.setContent(`<iframe src="${kilnUrl}/profiles" title="stolen"></iframe>`);
  await expect(page.frameLocator("iframe").getByRole("heading", { name: "Profiles" })).toHaveCount(0);
});

test("a changing request with a cookie has to come from Kiln's own pages", async ({
  operator: page,
  api,
}) => {
  const profile = await api.makeProfile("Origin");
  const path = `/api/v1/profiles/${profile.slug}`;
  const send = (headers: Record<string, string>) =>
    page.request.patch(path, { headers, data: { description: "changed" } });
  for (const origin of [
    "https://evil.example",
    "null",
    `${kilnUrl}.evil.example`,
    kilnUrl.replace(/\d+$/, "1"),
  ]) {
    const refused = await send({ origin });
    expect(refused.status(), origin).toBe(403);
    expect(await refused.json()).toMatchObject({ code: "foreign_origin" });
  }
  expect((await send({})).status(), "without an origin").toBe(403);
  expect(
    (await api.ask("GET", `/profiles/${profile.slug}`).then((answer) => answer.json())).description,
  ).toBe("");
  expect((await send({ origin: kilnUrl })).status()).toBe(200);
});

test("names and notes are text, wherever they are shown", async ({ operator: page, api }) => {
  const markup = '<img src="x" onerror="window.hacked=true"><b>bold</b>';
  const profile = await api.makeProfile(markup, { setupScript: "echo hello" });
  await api.ask("PATCH", `/profiles/${profile.slug}`, { body: { description: markup } });
  const { snapshot } = await api.publish(profile.slug, markup);
  await api.ended(snapshot.id);
  const session = await api.startSession(profile.slug, { name: markup });
  const pages = [
    `/profiles?q=${profile.slug}`,
    `/profiles/${profile.slug}`,
    `/snapshots/${snapshot.id}`,
    `/sessions/${session.id}`,
  ];
  for (const path of pages) {
    await page.goto(path);
    await expect(page.getByText(markup).filter({ visible: true }).first(), path).toBeVisible();
    expect(await page.locator("main b, main img, header b").count(), path).toBe(0);
    expect(await page.evaluate(() => "hacked" in window), path).toBe(false);
  }
});

test("an error tells an id and no stack", async ({ crew }) => {
  const api = await crew.api("operator");
  for (const [method, path, body] of [
    ["GET", "/profiles/%00"],
    ["GET", "/profiles?limit=nonsense"],
    ["POST", "/profiles", { name: "x", spec: { baseImage: 5 } }],
    ["GET", "/snapshots/not-an-id"],
  ] as const) {
    const answer = await api.ask(method, path, { body });
    expect(answer.status, path).toBeGreaterThanOrEqual(400);
    expect(answer.status, path).toBeLessThan(500);
    expect(await answer.text(), path).not.toMatch(/node_modules|prisma| at .*\.(js|ts):|stack/i);
  }
});
