/** What a session serves, in a real browser on a host of its own; what its container prints; the disk that it takes. */
import { expect, test } from "./fixtures/test";

test("a port is opened from the activity, and its page is another origin's; a closed one says so", async ({
  operator: page,
  api,
  watch,
}) => {
  watch.expect(/502|favicon|Failed to load resource/);
  const { profile } = await api.publishReady("Preview");
  const session = await api.startSession(profile.slug);
  const serve = `mkdir -p /tmp/www && cd /tmp/www && echo '<title>Served</title><h1>From the session</h1><script>document.title = document.cookie + "|" + location.pathname</script>' > index.html && httpd -p 127.0.0.1:8080`;
  await api.exec(session.id, "sh", "-c", serve);
  await page.goto(`/sessions/${session.id}?tab=activity`);
  await expect(page.getByRole("figure").filter({ hasText: "Disk" })).toContainText(/\d (B|kB|MB) of/);
  const link = page.getByRole("link", { name: "Open port 8080 in a new tab" });
  const [served] = await Promise.all([page.context().waitForEvent("page"), link.click()]);
  await expect(served.getByRole("heading", { name: "From the session" })).toBeVisible();
  // No cookie that a script could read, and no ticket in the address any more.
  await expect(served).toHaveTitle("|/");
  expect(new URL(served.url()).hostname).toBe(`8080-${session.id.replaceAll("-", "")}.preview.localhost`);
  await served.close();

  const port = page.getByRole("textbox", { name: "Port to preview" });
  await port.fill("70000");
  await port.press("Enter");
  await expect(page.getByText("Give a port from 1 to 65535.")).toBeVisible();
  await port.fill("9");
  const [closed] = await Promise.all([page.context().waitForEvent("page"), port.press("Enter")]);
  await expect(closed.getByRole("heading", { name: "Nothing listens on this port" })).toBeVisible();
});

test("the container's log is shown while it is written", async ({ operator: page, api }) => {
  const { profile } = await api.publishReady("Container log");
  const session = await api.startSession(profile.slug);
  await page.goto(`/sessions/${session.id}?tab=log`);
  await expect(page.getByText("Nothing yet")).toBeVisible();
  await expect(page.getByText("Following")).toBeVisible();
  await api.exec(session.id, "sh", "-c", "printf 'a \\033[32mgreen\\033[0m line\\n' > /proc/1/fd/1");
  await expect(page.getByRole("log", { name: "What the container prints" })).toContainText("a green line");
  await page.getByRole("button", { name: "Stop session" }).click();
  await expect(page.getByText("The session is stopped. Resume it to work in it.")).toBeVisible();
});

test("a viewer gets no preview, no log and no disk", async ({ viewer: page, api, crew, watch }) => {
  watch.expect(/404/);
  const { profile } = await api.publishReady("Closed preview");
  const session = await api.startSession(profile.slug);
  await page.goto(`/sessions/${session.id}/preview/8080`);
  await expect(page).toHaveURL(/\/sessions\/[^/]+\/preview\/8080$/);
  await expect(page.getByRole("heading", { name: "There is nothing at this address." })).toBeVisible();
  await page.goto(`/sessions/${session.id}?tab=log`);
  await expect(page.getByText("Reading its log takes an operator.")).toBeVisible();
  const viewer = await crew.api("viewer");
  const asked = [
    await viewer.ask("POST", `/sessions/${session.id}/previews`, { body: { port: 8080 } }),
    await viewer.ask("GET", `/sessions/${session.id}/container-log`),
    await viewer.ask("GET", `/sessions/${session.id}/disk`),
  ];
  expect(asked.map(({ status }) => status)).toEqual([403, 403, 403]);
});
