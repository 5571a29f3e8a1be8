/** What a session serves, in a real browser on a host of its own; what its container prints; the disk that it takes. */
import { containersOf, docker } from "./fixtures/docker";
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
  await expect(closed.getByRole("link", { name: "Go to the session" })).toHaveAttribute(
    "href",
    new RegExp(`/sessions/${session.id}\\?tab=activity$`),
  );
});

/** A server of a shell: a page, and a WebSocket that says what it is told. */
const talking = `#!/bin/sh
key=
while read -r name value && [ "$name" != "$(printf '\\r')" ]; do
  case $name in [Ss]ec-[Ww]eb[Ss]ocket-[Kk]ey:) key=$(echo "$value" | tr -d '\\r') ;; esac
done
if [ -z "$key" ]; then
  printf 'HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nConnection: close\\r\\n\\r\\n<h1>Waiting</h1>'
  echo '<script>new WebSocket("ws://" + location.host + "/").onmessage = ({ data }) => { document.querySelector("h1").textContent = data }</script>'
  exit
fi
sum=$(printf %s "$key"258EAFA5-E914-47DA-95CA-C5AB0DC85B11 | sha1sum | cut -c1-40 | sed 's/../\\\\x&/g')
printf 'HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: %s\\r\\n\\r\\n' "$(printf "$sum" | base64)"
printf '\\201\\014It is heard.'
cat >/dev/null
`;

test("a page's WebSocket is heard, and another session's preview is none of its business", async ({
  operator: page,
  api,
  watch,
}) => {
  watch.expect(/403|401|favicon|WebSocket|ERR_FAILED|CORS/);
  const { profile } = await api.publishReady("Talking preview");
  const [session, other] = await Promise.all([
    api.startSession(profile.slug),
    api.startSession(profile.slug),
  ]);
  for (const { id } of [session, other]) {
    await api.exec(
      id,
      "sh",
      "-c",
      `printf %s "$0" > /tmp/talk; chmod +x /tmp/talk; (nc -ll -p 9000 -e /tmp/talk &) >/dev/null 2>&1`,
      talking,
    );
  }
  await page.goto(`/sessions/${other.id}/preview/9000`);
  await expect(page.getByRole("heading", { name: "It is heard." })).toBeVisible();
  const others = new URL(page.url());
  await page.goto(`${others.origin}/.kiln/enter?ticket=x`);
  await expect(page.getByRole("heading", { name: "This link was used, or is too old" })).toBeVisible();

  await page.goto(`/sessions/${session.id}/preview/9000`);
  await expect(page.getByRole("heading", { name: "It is heard." })).toBeVisible();
  // The browser sends the other one's pass along: both are one site to it.
  const seen = await page.evaluate(
    (address) =>
      new Promise((resolve) => {
        const socket = new WebSocket(address.replace("http", "ws"));
        socket.onopen = () => resolve("open");
        socket.onerror = () => resolve("refused");
      }),
    others.href,
  );
  expect(seen).toBe("refused");
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

test("a container log that can't be begun is refused with the reason", async ({ api }) => {
  const { profile } = await api.publishReady("Lost log");
  const session = await api.startSession(profile.slug);
  await docker("rm", "--force", ...(await containersOf(session.id)));
  const answer = await api.ask("GET", `/sessions/${session.id}/container-log`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({
    code: "no_answer",
    detail: expect.stringMatching(/container/i),
  });
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
