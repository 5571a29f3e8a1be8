/** A terminal in a real container: its keys, its size, who comes back to it, how it ends, and what a flood does. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { createSession } from "@/lib/sessions/create.server";
import { execInSession } from "@/lib/sessions/exec.server";
import { stopSession } from "@/lib/sessions/stop.server";
import type { SessionWire } from "@/lib/sessions/wire";
import { closeTerminal } from "@/lib/terminals/close.server";
import { openTerminal } from "@/lib/terminals/open.server";
import type { Credential } from "@/lib/terminals/ticket.server";
import { createToken, revokeToken } from "@/lib/users/create-token.server";
import { type Actor, systemActor } from "@/lib/users/roles";
import { built } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { TerminalClient } from "@/worker/testing/terminal-client";
import { until } from "@/worker/testing/until";
import type { WorkerProcess } from "@/worker/testing/worker-process";

let kiln: TestKiln;
let worker: WorkerProcess;
let session: SessionWire;
let actor: Actor;
let credential: Credential;
beforeAll(async () => {
  kiln = await startKiln();
  worker = await kiln.startWorker({}, { lean: true });
  const { wire } = await createToken({ name: "terminals", role: "operator" });
  actor = { kind: "token", id: wire.id, name: wire.name, role: "operator" };
  credential = { kind: "token", id: wire.id };
  const { slug } = await built({ setupScript: "true", env: { GREETING: "grüß" } });
  session = await createSession(actor, { profile: slug, wait: "running", env: {} });
});
afterAll(() => kiln.cleanUp());

const gateway = async () => {
  const { gateway } = await db().worker.findFirstOrThrow({
    where: { gateway: { not: null } },
    orderBy: { id: "desc" },
  });
  return `ws://${gateway}/`;
};
const ticketFor = (terminal?: string) =>
  openTerminal(actor, { kind: "session", id: session.id }, credential, terminal ? { terminal } : {});
async function open(terminal?: string) {
  const made = await ticketFor(terminal);
  const client = await TerminalClient.open(await gateway(), made.ticket);
  await until("the screen", () => client.screen ?? client.end);
  return { client, id: made.terminal, ticket: made.ticket };
}
const sh = (script: string) =>
  execInSession(actor, session.id, { command: ["sh", "-c", script], timeoutSeconds: 20 });

test("what is typed is run as the session's own, in colour and in the size that it is given; Ctrl+P comes at once", async () => {
  const { client } = await open();
  client.say({ type: "size", columns: 101, rows: 33 });
  client.type(
    'stty size; echo "$TERM $GREETING $(id -un)"; stty raw -echo; dd bs=1 count=2 2>/dev/null | od -An -tx1; stty sane\r',
  );
  await client.sees("33 101");
  await client.sees(/xterm-256color grüß root/);
  client.type("\x10");
  client.type("\x1d");
  await client.sees("10 1d");
  client.say({ type: "close" });
  expect(await client.ended()).toMatchObject({ code: "closed" });
  await until("it to be closed", () => client.closed);
  await until("its row to end", async () => (await db().terminal.count({ where: { endedAt: null } })) === 0);
});

test("whoever comes back finds the same shell and its screen; two see the same; what a program asks is answered once", async () => {
  const { client: first, id } = await open();
  first.type("SAID=before; printf '\\033[1;32mcolours\\033[0m\\n'\r");
  await first.sees("colours\x1b[0m\r\n");
  first.cut();
  const { client: second } = await open(id);
  await second.sees("\x1b[32;1mcolours");
  const { client: third } = await open(id);
  second.type(
    'echo "$SAID and after"; stty raw -echo; printf "\\033[5n"; dd bs=1 count=4 2>/dev/null | od -An -tx1; stty sane\r',
  );
  await second.sees("before and after");
  await third.sees("1b 5b 30 6e");
  second.say({ type: "size", columns: 90, rows: 20 });
  await until("the other to hear of the size", () => third.size?.columns === 90);
  second.type("exit 7\r");
  expect(await second.ended()).toMatchObject({ code: "exited", exitCode: 7 });
  expect(await third.ended()).toMatchObject({ code: "exited", exitCode: 7 });
  await until(
    "its row to end",
    async () => (await db().terminal.findUniqueOrThrow({ where: { id } })).endedAt,
  );
  await expect(ticketFor(id)).rejects.toMatchObject({ status: 410, code: "terminal_ended" });
});

test("a shell that is closed ends, also while nobody is connected to it or it is only being started", async () => {
  const running = () =>
    sh("ps | grep -c '[s]leep 98765' || true").then(({ stdout }) => Number(stdout.trim()));
  const { client: gone, id } = await open();
  gone.type("sleep 98765 & echo begun\r");
  await gone.sees("begun\r\n");
  gone.cut();
  expect(await running()).toBe(1);
  const { client: watching, id: seen } = await open();
  const early = await ticketFor();
  const late = TerminalClient.open(await gateway(), early.ticket);
  for (const terminal of [id, seen, early.terminal])
    await closeTerminal(actor, { kind: "session", id: session.id }, terminal);
  expect(await watching.ended()).toMatchObject({ code: "closed", message: "The shell was closed." });
  expect((await (await late).ended()).code).toMatch(/closed|failed/);
  await until("all that came of it to end", async () => (await running()) === 0);
});

test("a flood waits for its reader, goes on without one that shows nothing, and Ctrl+C ends it", async () => {
  const { client } = await open();
  client.shows = false;
  client.type("yes 0123456789012345678901234567890123456789\r");
  await until("as much as fits", () => client.bytes > 500_000);
  const { client: other } = await open();
  other.type("echo fine\r");
  await other.sees("fine\r\n");
  // It has been gone on without.
  await until(
    "the flood to go on",
    async () =>
      Number(
        (await sh("cat /proc/[0-9]*/io 2>/dev/null | grep ^wchar | sort -k2 -n | tail -1 | cut -d' ' -f2"))
          .stdout,
      ) > 3_000_000,
  );
  expect(client.bytes).toBeLessThan(1_200_000);
  expect(client.screens).toBe(1);
  client.shows = true;
  client.say({ type: "shown", bytes: client.bytes });
  await until("the screen anew", () => client.screens === 2);
  client.type("\x03");
  client.type("echo $((40+2))-calm\r");
  await client.sees("42-calm");
  expect(worker.peakMemory()).toBeLessThan(500);
  client.say({ type: "close" });
  other.say({ type: "close" });
  await Promise.all([client.ended(), other.ended()]);
});

test("a ticket opens once; a wrong one opens nothing", async () => {
  const { client, ticket } = await open();
  const again = await TerminalClient.open(await gateway(), ticket);
  expect(await again.ended()).toMatchObject({ code: "ticket_refused" });
  await expect(TerminalClient.open(await gateway(), `${ticket}x`)).rejects.toThrow("403");
  client.type("sleep 4321 & echo begun\r");
  await client.sees("begun\r\n");
  client.say({ type: "close" });
  await client.ended();
  // All that came of it goes with it.
  expect((await sh("ps | grep -c '[s]leep 4321' || true")).stdout.trim()).toBe("0");
});

test("who may not any more is let go, and so is everybody when the worker or the session stops", async () => {
  const { wire } = await createToken({ name: "gone", role: "operator" });
  const made = await openTerminal(
    actor,
    { kind: "session", id: session.id },
    { kind: "token", id: wire.id },
    {},
  );
  await revokeToken(systemActor, wire.id);
  const refused = await TerminalClient.open(await gateway(), made.ticket);
  expect(await refused.ended()).toMatchObject({ code: "forbidden" });

  const { client: left } = await open();
  worker.signal("SIGTERM");
  expect(await left.ended()).toMatchObject({ code: "worker_left" });
  expect((await worker.exited).code).toBe(0);
  expect(worker.errors()).toBe("");
  worker = await kiln.startWorker();
  const { client } = await open();
  await stopSession(actor, session.id);
  expect(await client.ended()).toMatchObject({ code: "session_ended" });
});
