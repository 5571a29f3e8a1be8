import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { setGateway, setWorkerStatus } from "@/lib/hosts/store.server";
import { listHostSessions } from "@/lib/sessions/progress.server";
import type { SessionWire } from "@/lib/sessions/wire";
import type { Credential } from "@/lib/terminals/ticket.server";
import type { Actor } from "@/lib/users/roles";
import { publishReady } from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { makeTokenActor } from "@/prisma/factories/people";
import { makeRunningSession, makeSession } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { openPreview } from "./open.server";
import { gatewayOf, notePreviewed } from "./store.server";
import { readPreviewTicket } from "./ticket.server";

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
const open = (id = session.id, dashboardHost = "localhost:3000") =>
  openPreview(actor, id, credential, { port: 8080, path: "/a?b=1", dashboardHost });

describe("a preview", () => {
  it("is an audit entry and an address with a ticket, good for half a minute", async () => {
    const { url, expiresAt } = await open();
    const { origin, pathname, searchParams } = new URL(url);
    expect(`${origin}${pathname}`).toBe(
      `http://8080-${session.id.replaceAll("-", "")}.preview.localhost:3000/.kiln/enter`,
    );
    const name = { session: session.id, port: 8080 };
    expect(readPreviewTicket(searchParams.get("ticket") ?? "", name)).toMatchObject({
      ...name,
      ...{ credential, secure: false, path: "/a?b=1", expiresAt },
    });
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThan(31_000);
    const audit = await db().auditEntry.findMany({
      where: { action: "session.preview", objectId: session.id },
    });
    expect(audit.map(({ detail }) => detail)).toEqual([{ port: 8080 }]);
  });

  it("needs a running session, and a host for it", async () => {
    const queued = await makeSession(profileId);
    expect(await codeOf(open(queued.id))).toBe("not_running");
    expect(await codeOf(open(session.id, "kiln.test"))).toBe("no_preview_domain");
    expect(await codeOf(open("0193a1b2-0000-7000-8000-0123456789ab"))).toBe("not_found");
  });

  it("is at the session's own worker while there is one", async () => {
    expect(await gatewayOf(session.id)).toBe("127.0.0.1:4000");
    expect(await gatewayOf("0193a1b2-0000-7000-8000-0123456789ab")).toBeNull();
    await setWorkerStatus(worker.id, "draining");
    expect(await gatewayOf(session.id)).toBe("127.0.0.1:4000");
    await setGateway(worker.id, null);
    expect(await gatewayOf(session.id)).toBeNull();
  });

  it("counts as use of its session, however many use it at once", async () => {
    await db().$executeRaw`UPDATE profiles SET session_idle_minutes = 5`;
    await db().$executeRaw`UPDATE sessions SET started_at = now() - interval '1 hour'`;
    const idle = async () =>
      (await listHostSessions(worker.hostId)).find(({ id }) => id === session.id)?.idleMinutes;
    expect(await idle()).toBe(5);
    await Promise.all([1, 2, 3].map(() => notePreviewed(session.id)));
    expect(await idle()).toBeNull();
    await db().$executeRaw`UPDATE session_previews SET used_at = now() - interval '6 minutes'`;
    expect(await idle()).toBe(5);
    await notePreviewed(session.id);
    expect(await idle()).toBeNull();
  });
});
