/** What a page that a session serves, which may be anybody's, gets at of the dashboard that its reader is signed in to: nothing. */
import { expect, test } from "./fixtures/test";

test("a page of a preview gets at nothing of the dashboard", async ({ operator: page, api, watch }) => {
  watch.expect(
    /^500: .*profiles$|CORS|ERR_FAILED|ERR_BLOCKED|frame|Failed to load resource|Invalid Server Actions|favicon/,
  );
  const { profile } = await api.publishReady("Hostile preview");
  const session = await api.startSession(profile.slug);
  const serve =
    "mkdir -p /tmp/www && cd /tmp/www && echo '<h1>Served</h1>' > index.html && httpd -p 127.0.0.1:8080";
  await api.exec(session.id, "sh", "-c", serve);
  await page.goto("/sessions");
  const dashboard = new URL(page.url()).origin;
  // The frame of a page that isn't there is the dashboard's own, too.
  for (const path of ["/sessions", "/nothing", "/iconography", "/favicon.icon"])
    expect((await page.request.get(path)).headers()["content-security-policy"]).toContain(
      "frame-ancestors 'none'",
    );

  await page.goto(`/sessions/${session.id}/preview/8080`);
  await expect(page.getByRole("heading", { name: "Served" })).toBeVisible();
  const cookies = () => page.context().cookies(dashboard);
  const before = await cookies();
  await page.evaluate(() => {
    const set = (cookie: string) => {
      // biome-ignore lint/suspicious/noDocumentCookie: the other way to set one takes no parent domain everywhere
      document.cookie = cookie;
    };
    for (const domain of ["localhost", ".localhost", "preview.localhost"]) {
      set(`next-auth.session-token=tossed; path=/; domain=${domain}`);
      for (let at = 0; at < 60; at++) set(`bomb${at}=${"x".repeat(4_000)}; path=/; domain=${domain}`);
    }
  });
  expect(await cookies()).toEqual(before);
  // What it has set for all previews is its neighbours' loss; it takes it back, so that this test goes on.
  await page.context().clearCookies({ name: /^bomb/ });

  const sent = page.context().waitForEvent("request", (request) => request.postData() === "by fetch");
  const answers = await page.evaluate(async (at) => {
    const ask = (path: string, init: RequestInit) =>
      fetch(at + path, { credentials: "include", ...init }).then(
        ({ type }) => type,
        () => "refused",
      );
    return [
      await ask("/api/v1/sessions", {}),
      await ask("/api/v1/sessions", { mode: "no-cors", method: "POST", body: "by fetch" }),
    ];
  }, dashboard);
  expect(answers).toEqual(["refused", "opaque"]);
  expect((await (await sent).allHeaders()).cookie).toBeUndefined();

  await page.evaluate(async (at) => {
    for (const path of ["/sessions", "/sign-in", "/iconography"]) {
      const frame = document.createElement("iframe");
      const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
      frame.src = at + path;
      document.body.append(frame);
      await loaded;
    }
  }, dashboard);
  expect(
    page
      .frames()
      .slice(1)
      .map((frame) => frame.url()),
  ).toEqual(Array(3).fill("chrome-error://chromewebdata/"));

  const [opened] = await Promise.all([
    page.context().waitForEvent("page"),
    page.evaluate((at) => {
      window.open(`${at}/sessions`);
    }, dashboard),
  ]);
  await expect(opened.getByRole("heading", { level: 1, name: "Sessions" })).toBeVisible();
  expect(await opened.evaluate(() => window.opener)).toBeNull();
  await opened.close();

  const [form, posted] = await Promise.all([
    page.context().waitForEvent("page"),
    page.context().waitForEvent("request", (request) => request.method() === "POST"),
    page.evaluate((at) => {
      const made = document.createElement("form");
      Object.assign(made, {
        action: `${at}/profiles`,
        method: "post",
        enctype: "multipart/form-data",
        target: "_blank",
      });
      document.body.append(made);
      made.submit();
    }, dashboard),
  ]);
  expect((await posted.allHeaders()).cookie).toBeUndefined();
  await form.close();
});
