import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { setGateway, setWorkerStatus } from "@/lib/hosts/store.server";
import { listHostSessions } from "@/lib/sessions/progress.server";
import type { SessionWire } from "@/lib/sessions/wire";
import { revokeToken } from "@/lib/users/create-token.server";
import { type Actor, systemActor } from "@/lib/users/roles";
import { publishReady } from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { makeTokenActor } from "@/prisma/factories/people";
import { makeRunningSession, makeSession } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { closeTerminal } from "./close.server";
import { whyNotStay } from "./may-stay.server";
import { openTerminal } from "./open.server";
import {
  endedTerminals,
  endTerminal,
  listTerminals,
  mayStart,
  noteInput,
  takeTicket,
  tidyTerminals,
} from "./store.server";
import { type Credential, readTicket } from "./ticket.server";
import { MOST_TERMINALS, type Whose } from "./wire";

useSuiteDatabase();
let worker: TestWorker;
let profileId: string;
let session: SessionWire;
let actor: Actor;
let credential: Credential;
beforeAll(async () => {
  worker = await makeSessionWorker();
  profileId = (await publishReady(worker)).profile.id;
});
beforeEach(async () => {
  await setGateway(worker.id, "127.0.0.1:4000");
  session = await makeRunningSession(profileId, worker);
  ({ actor, credential } = await makeTokenActor());
});
const whose = (): Whose => ({ kind: "session", id: session.id });
const open = (terminal?: string) => openTerminal(actor, whose(), credential, terminal ? { terminal } : {});

describe("a terminal", () => {
  it("is a row, an audit entry and a ticket to its worker, which leads to it again", async () => {
    const { ticket, terminal } = await open();
    expect(readTicket(ticket)).toMatchObject({
      terminal,
      whose: whose(),
      worker: worker.id,
      credential,
    });
    expect(await listTerminals(whose(), actor.id)).toMatchObject([{ id: terminal }]);
    expect(await listTerminals(whose(), null)).toEqual([]);
    expect(await db().auditEntry.count({ where: { action: "session.terminal", objectId: session.id } })).toBe(
      1,
    );
    expect((await open(terminal)).terminal).toBe(terminal);
    expect(await mayStart(terminal, session.id)).toBe(false);
    expect(await mayStart(terminal, worker.id)).toBe(true);
    await endTerminal(terminal);
    expect(await mayStart(terminal, worker.id)).toBe(false);
    expect(await codeOf(open(terminal))).toBe("terminal_ended");
  });

  it("needs a running session and a worker that takes it", async () => {
    const queued = await makeSession(profileId);
    expect(await codeOf(openTerminal(actor, { kind: "session", id: queued.id }, credential, {}))).toBe(
      "not_running",
    );
    const { terminal } = await open();
    await setGateway(worker.id, null);
    expect(await codeOf(open())).toBe("no_gateway");
    expect(await codeOf(open(terminal))).toBe("terminal_ended");
    expect(await listTerminals(whose(), actor.id)).toEqual([]);
  });

  it("is closed by whoever may open it, once and again, and by its own session's address only", async () => {
    const { terminal } = await open();
    const other = await makeRunningSession(profileId, worker);
    expect(await codeOf(closeTerminal(actor, { kind: "session", id: other.id }, terminal))).toBe("not_found");
    expect(await codeOf(closeTerminal(actor, { kind: "snapshot", id: session.id }, terminal))).toBe(
      "not_found",
    );
    expect(await codeOf(closeTerminal(actor, whose(), session.id))).toBe("not_found");
    expect(await codeOf(closeTerminal(actor, whose(), "none"))).toBe("not_found");
    expect(await endedTerminals([terminal])).toEqual([]);
    const { actor: colleague } = await makeTokenActor();
    await Promise.all([1, 2].map(() => closeTerminal(colleague, whose(), terminal)));
    await closeTerminal(colleague, whose(), terminal);
    expect(await endedTerminals([terminal, session.id])).toEqual([terminal]);
    expect(await mayStart(terminal, worker.id)).toBe(false);
    expect(await codeOf(open(terminal))).toBe("terminal_ended");
    const audited = { action: "session.terminal_close", objectId: session.id, actorId: colleague.id };
    expect(await db().auditEntry.count({ where: audited })).toBe(1);
  });

  it("is one of so many, however many ask at once", async () => {
    const asked = await Promise.allSettled(Array.from({ length: MOST_TERMINALS + 4 }, () => open()));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(MOST_TERMINALS);
    expect(await codeOf(open())).toBe("too_many_terminals");
    // Nobody has come for them.
    await db().$executeRaw`UPDATE terminals SET created_at = now() - interval '3 minutes'`;
    const [kept] = await listTerminals(whose(), actor.id);
    await tidyTerminals(worker.id, [kept?.id ?? ""]);
    expect(await listTerminals(whose(), actor.id)).toHaveLength(1);
    await open();
  });

  it("counts as use of its session while something is typed", async () => {
    const { terminal } = await open();
    await db().$executeRaw`UPDATE profiles SET session_idle_minutes = 5`;
    await db().$executeRaw`UPDATE sessions SET started_at = now() - interval '1 hour'`;
    const idle = async () =>
      (await listHostSessions(worker.hostId)).find(({ id }) => id === session.id)?.idleMinutes;
    expect(await idle()).toBeNull();
    await db().$executeRaw`UPDATE terminals SET used_at = now() - interval '6 minutes'`;
    expect(await idle()).toBe(5);
    await noteInput(terminal);
    expect(await idle()).toBeNull();
  });
});

describe("a ticket", () => {
  it("opens once, even for two at once, and not when it is too old", async () => {
    const claim = readTicket((await open()).ticket);
    const used = await Promise.all([1, 2, 3].map(() => takeTicket(claim?.id ?? "", claim?.expiresAt ?? "")));
    expect(used.filter(Boolean)).toHaveLength(1);
    const other = readTicket((await open()).ticket);
    expect(await takeTicket(other?.id ?? "", new Date(Date.now() - 1).toISOString())).toBe(false);
    expect(Date.parse(other?.expiresAt ?? "") - Date.now()).toBeLessThan(31_000);
  });
});

describe("whoever looks may stay", () => {
  const stay = () => whyNotStay(whose(), null, credential);

  it("until the token is revoked", async () => {
    expect(await stay()).toBeNull();
    await revokeToken(systemActor, credential.id);
    expect(await stay()).toMatchObject({ code: "forbidden" });
  });

  it("while the role is enough, the session runs, and in the same container", async () => {
    await db().$executeRaw`UPDATE api_tokens SET role = 'viewer' WHERE id = ${credential.id}::uuid`;
    expect(await stay()).toMatchObject({ code: "forbidden", message: expect.stringContaining("viewer") });
    expect(await whyNotStay(whose(), "another", credential)).toMatchObject({ code: "session_ended" });
    await db().session.update({ where: { id: session.id }, data: { status: "stopping" } });
    expect(await stay()).toMatchObject({
      code: "session_ended",
      message: expect.stringContaining("stopping"),
    });
  });

  it("a worker that has stopped is asked for none", async () => {
    await setWorkerStatus(worker.id, "stopped");
    expect(await codeOf(open())).toBe("no_gateway");
  });
});
