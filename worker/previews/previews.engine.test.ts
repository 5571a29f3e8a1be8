/** Previews of what a real container serves: through the web's relay, the worker's gateway, and into the sandbox. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { openPreview } from "@/lib/previews/open.server";
import { createSession } from "@/lib/sessions/create.server";
import { execInSession } from "@/lib/sessions/exec.server";
import { stopSession } from "@/lib/sessions/stop.server";
import type { SessionWire } from "@/lib/sessions/wire";
import type { Credential } from "@/lib/terminals/ticket.server";
import { createToken, revokeToken } from "@/lib/users/create-token.server";
import { type Actor, type Role, systemActor } from "@/lib/users/roles";
import { BOOKWORM } from "@/worker/containers/docker/testing/engine";
import { built } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { PreviewClient, startTestWeb, type TestWeb } from "@/worker/testing/preview-client";
import { until } from "@/worker/testing/until";
import type { WorkerProcess } from "@/worker/testing/worker-process";

const PORT = 8080;
/** A server of BusyBox with small programs behind it, and one that speaks whatever is spoken to it. */
const site = `mkdir -p /www/cgi-bin && cd /www && echo '<h1>Hello from the session</h1>' > index.html && cd cgi-bin
printf '#!/bin/sh\\nprintf "Content-Type: text/plain\\\\r\\\\n\\\\r\\\\n"; head -c "$CONTENT_LENGTH" | md5sum\\n' > sum
printf '#!/bin/sh\\nprintf "Content-Type: text/plain\\\\r\\\\nSet-Cookie: own=1; Domain=preview.localhost\\\\r\\\\nSet-Cookie: kiln-preview=x\\\\r\\\\n\\\\r\\\\n"; env\\n' > env
printf '#!/bin/sh\\nprintf "Status: 302 Found\\\\r\\\\nLocation: http://localhost:${PORT}/cgi-bin/env?moved\\\\r\\\\n\\\\r\\\\n"\\n' > away
printf '#!/bin/sh\\nprintf "Content-Type: text/event-stream\\\\r\\\\n\\\\r\\\\ndata: first\\\\n\\\\n"; while [ ! -e /tmp/go ]; do sleep 0.1; done; printf "data: second\\\\n\\\\n"\\n' > stream
printf '#!/bin/sh\\nwhile read -r line && [ "$line" != "$(printf "\\\\r")" ]; do case $line in *[Cc]ookie*) seen=$line;; esac; done\\nprintf "HTTP/1.1 101 Go\\\\r\\\\nConnection: Upgrade\\\\r\\\\nUpgrade: websocket\\\\r\\\\nX-Seen: $seen\\\\r\\\\n\\\\r\\\\nhello "\\nexec cat\\n' > echo
sed 's,exec cat,exec cat /dev/zero,' echo > flood
chmod +x *`;

/** Answers with how many connections it has had, in turn, and says nothing when it closes one. */
const counting = `use IO::Socket::INET; $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => ${PORT}, Listen => 9, ReuseAddr => 1) or die;
while ($c = $s->accept) { $n++; if (fork) { close $c; next } while (1) { $p = <$c> or exit; while (<$c>) { last if /^\\r\\n$/ }
  $b = "$n"; print $c "HTTP/1.1 200 OK\\r\\nContent-Length: " . length($b) . "\\r\\n\\r\\n$b"; $c->flush; exit if $p =~ /last/ } }`;

let kiln: TestKiln;
let worker: WorkerProcess;
let web: TestWeb;
let session: SessionWire;
let actor: Actor;
let credential: Credential;
beforeAll(async () => {
  kiln = await startKiln();
  worker = await kiln.startWorker();
  web = await startTestWeb();
  ({ actor, credential } = await somebody("operator"));
  const { slug } = await built({ setupScript: site });
  session = await createSession(actor, { profile: slug, wait: "running", env: {} });
  await sh(`httpd -p 127.0.0.1:${PORT} -h /www; nc -ll -p 9000 -e /www/cgi-bin/echo >/dev/null 2>&1 &
    nc -ll -p 9001 -e /www/cgi-bin/flood >/dev/null 2>&1 &`);
});
afterAll(async () => {
  await web.close();
  await kiln.cleanUp();
});

async function somebody(role: Role): Promise<{ actor: Actor; credential: Credential }> {
  const { wire } = await createToken({ name: `${role} at previews`, role });
  return {
    actor: { kind: "token", id: wire.id, name: wire.name, role },
    credential: { kind: "token", id: wire.id },
  };
}
const sh = (script: string, id = session.id) =>
  execInSession(actor, id, { command: ["sh", "-c", script], timeoutSeconds: 20 });
const ticketFor = (port: number, who = credential, id = session.id) =>
  openPreview(actor, id, who, { port, path: "/", dashboardHost: "localhost:3000" });
async function enter(port = PORT, who = credential, id = session.id): Promise<PreviewClient> {
  const { url } = await ticketFor(port, who, id);
  const client = new PreviewClient(web, new URL(url).host);
  expect(await client.enter(url)).toMatchObject({ status: 303, headers: { location: "/" } });
  return client;
}
async function heard(socket: Duplex, what: string): Promise<void> {
  let seen = "";
  while (!seen.includes(what)) seen += String((await once(socket, "data"))[0]);
}

test("a ticket opens it once; without a pass of its own nothing is shown, and nothing else is on its host", async () => {
  const { url } = await ticketFor(PORT);
  const client = new PreviewClient(web, new URL(url).host);
  expect(await client.ask("/")).toMatchObject({
    status: 401,
    headers: { "x-kiln-preview": "not_signed_in" },
  });
  const first = await client.enter(url);
  expect(first).toMatchObject({ status: 303, headers: { location: "/", "referrer-policy": "no-referrer" } });
  expect(first.headers["set-cookie"]?.[0]).toMatch(/^kiln-preview=[^;]+; Path=\/; .*HttpOnly; SameSite=Lax$/);
  expect(await client.ask("/")).toMatchObject({
    status: 200,
    body: "<h1>Hello from the session</h1>\n",
  });
  const { pathname, search } = new URL(url);
  expect(await client.ask(pathname + search)).toMatchObject({
    status: 403,
    headers: { "x-kiln-preview": "ticket_refused" },
  });
  expect(await client.ask("/.kiln/other")).toMatchObject({ status: 404 });

  const neighbour = new PreviewClient(web, client.host.replace(`${PORT}-`, "9000-"));
  neighbour.cookie = client.cookie;
  expect((await neighbour.ask("/")).status).toBe(401);
  const other = new PreviewClient(web, client.host.replace(/[0-9a-f]{4}\./, "ffff."));
  other.cookie = client.cookie;
  expect((await other.ask("/")).status).toBe(401);
  for (const host of ["preview.localhost", "x.preview.localhost:3000"])
    expect(await new PreviewClient(web, host).ask("/")).toMatchObject({
      status: 404,
      headers: { "x-kiln-preview": "no_such_preview" },
    });
  expect((await new PreviewClient(web, "localhost:3000").ask("/")).status).toBe(418);
  expect(await db().sessionPreview.count({ where: { sessionId: session.id } })).toBe(1);
});

test("a body gets there whole; the program sees its own cookies, and the browser none for elsewhere", async () => {
  const client = await enter();
  const body = Buffer.alloc(4_000_000, "0123456789abcdef");
  const summed = await client.ask("/cgi-bin/sum", { method: "POST", body });
  expect(summed.body).toContain(createHash("md5").update(body).digest("hex"));

  const cookie = `${client.cookie}; theirs=1; next-auth.session-token=secret`;
  const seen = await client.ask("/cgi-bin/env", {
    headers: { cookie, authorization: "Bearer kiln_secret", "x-forwarded-for": "6.6.6.6" },
  });
  expect(seen.body).toContain("HTTP_COOKIE=theirs=1\n");
  expect(seen.body).toContain(`HTTP_HOST=${client.host}\n`);
  expect(seen.body).not.toMatch(/secret|6\.6\.6\.6/);
  expect(seen.headers["set-cookie"]).toEqual(["own=1"]);
  expect(await client.ask("/cgi-bin/away")).toMatchObject({
    status: 302,
    headers: { location: "/cgi-bin/env?moved" },
  });
});

test("an answer comes as it is written; twenty are answered at once", async () => {
  const client = await enter();
  const message = await client.begin("/cgi-bin/stream");
  const words = message.setEncoding("utf8")[Symbol.asyncIterator]();
  expect(await words.next()).toMatchObject({ value: "data: first\n\n" });
  await sh("touch /tmp/go");
  expect(await words.next()).toMatchObject({ value: "data: second\n\n" });
  expect(await words.next()).toMatchObject({ done: true });
  await sh("rm /tmp/go");
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.ask("/")));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
});

test("WebSockets go both ways, from pages of the session only", async () => {
  const client = await enter(9000);
  const socket = await client.upgrade("/", { origin: `http://${client.host}` });
  if (typeof socket === "number") throw new Error(`It was refused: ${socket}.`);
  await heard(socket, "hello ");
  socket.write("and back");
  await heard(socket, "and back");
  socket.destroy();
  const evil = `http://9000-${"0".repeat(32)}.preview.localhost:3000`;
  expect(await client.upgrade("/", { origin: evil })).toBe(403);
  expect(await client.upgrade("/", { cookie: "" })).toBe(401);
  expect((await client.ask("/", { headers: { origin: evil, "sec-fetch-site": "same-site" } })).status).toBe(
    403,
  );
});

test("who leaves a WebSocket while the program floods it takes nobody else along", async () => {
  const client = await enter(9001);
  for (let time = 0; time < 3; time++) {
    const socket = await client.upgrade("/");
    if (typeof socket === "number") throw new Error(`It was refused: ${socket}.`);
    await heard(socket, "hello ");
    await once(socket, "data");
    socket.destroy();
    await until("its command to end", async () => {
      const { stdout } = await sh("cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -c '[n]c 127.0.0.1 9001'");
      return stdout.trim() === "0";
    });
  }
  expect(worker.running).toBe(true);
});

test("where nothing listens, or no way leads, a page says so", async () => {
  const client = await enter(8099);
  const page = await client.ask("/", { headers: { accept: "text/html" } });
  expect(page).toMatchObject({ status: 502, headers: { "x-kiln-preview": "nothing_listens" } });
  expect(page.body).toContain("<h1>Nothing listens on this port</h1>");
});

test("with bash it is the same; connections are kept, and one that was closed meanwhile does no harm", async () => {
  const { slug } = await built({ baseImage: BOOKWORM, setupScript: "true" });
  const large = await createSession(actor, { profile: slug, wait: "running", env: {} });
  await sh(`(perl -e '${counting}' &) >/dev/null 2>&1`, large.id);
  const client = await enter(PORT, credential, large.id);
  await until("it to listen", async () => (await client.ask("/")).status === 200);
  const first = (await client.ask("/")).body;
  expect((await client.ask("/a")).body).toBe(first);
  expect((await client.ask("/last")).body).toBe(first);
  expect(Number((await client.ask("/")).body)).toBe(Number(first) + 1);
  expect((await client.ask("/", { method: "POST", body: "x" })).status).toBe(200);
  // That of the POST isn't kept, and its command takes a moment to end.
  await until("few connections to be left", async () => {
    const { stdout } = await sh(
      "cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -o 'kiln-preview 127' | wc -l",
      large.id,
    );
    return Number(stdout) < 4;
  });
  await sh("rm /bin/bash", large.id);
  await until(
    "the last connection to be closed",
    async () => (await client.ask("/")).headers["x-kiln-preview"] === "no_tool",
  );
});

test("a pass outlives its worker: until the next one is there a page says so", async () => {
  const client = await enter();
  worker.signal("SIGTERM");
  expect((await worker.exited).code).toBe(0);
  expect(worker.errors()).toBe("");
  expect(await client.ask("/")).toMatchObject({ status: 503, headers: { "x-kiln-preview": "no_worker" } });
  worker = await kiln.startWorker();
  await until("the next worker to be found", async () => (await client.ask("/")).status === 200);
});

test("who may not any more sees nothing; who is there when the session stops is let go", async () => {
  const viewer = await somebody("viewer");
  const { url } = await ticketFor(PORT, viewer.credential);
  const refused = await new PreviewClient(web, new URL(url).host).enter(url);
  expect(refused).toMatchObject({ status: 403, headers: { "x-kiln-preview": "forbidden" } });
  expect(refused.body).toContain("role operator");
  expect(refused.headers["set-cookie"]).toBeUndefined();

  const leaver = await somebody("operator");
  const left = await enter(9000, leaver.credential);
  const theirs = await left.upgrade("/");
  if (typeof theirs === "number") throw new Error(`It was refused: ${theirs}.`);
  theirs.resume();
  // Listened for before what causes it: it may be closed before the row's answer is here.
  const closed = once(theirs, "close");
  await revokeToken(systemActor, leaver.credential.id);
  // Any change of the session has everybody asked again, as the clock does every 15 seconds.
  await db().session.update({ where: { id: session.id }, data: { notice: "changed" } });
  await closed;
  await until("the pass to be refused", async () => (await left.ask("/")).status === 403);

  const client = await enter();
  const message = await client.begin("/cgi-bin/stream");
  // Read before what ends it: without a reader it isn't told how it ended.
  const cutOff = expect(text(message)).rejects.toThrow("aborted");
  await stopSession(actor, session.id);
  await cutOff;
  expect(await client.ask("/")).toMatchObject({
    status: 409,
    headers: { "x-kiln-preview": "session_ended" },
  });
});
