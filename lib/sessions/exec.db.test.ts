import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { publishReady } from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { commandJobsOf } from "@/prisma/factories/jobs";
import { operator } from "@/prisma/factories/people";
import { makeRunningSession, makeSession } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { forgetCommands } from "../commands/forget.server";
import { answerCommand, claimCommand } from "../commands/run.server";
import { execInSession } from "./exec.server";
import { moveSession } from "./progress.server";
import type { SessionWire } from "./wire";

useSuiteDatabase();
let worker: TestWorker;
let session: SessionWire;
beforeAll(async () => {
  worker = await makeSessionWorker();
  session = await makeRunningSession((await publishReady(worker)).profile.id, worker);
});

const exec = (command: string[], timeoutSeconds = 20) =>
  execInSession(operator, session.id, { command, timeoutSeconds });
const bytes = (text: string) => new TextEncoder().encode(text);

/** The command that a request has just written down. */
async function nextCommand(): Promise<string> {
  for (;;) {
    const row = await db().sandboxCommand.findFirst({ where: { status: "queued" }, select: { id: true } });
    if (row) return row.id;
  }
}

async function answerNext(answer: Parameters<typeof answerCommand>[1]): Promise<string> {
  const id = await nextCommand();
  await claimCommand(id);
  await answerCommand(id, answer);
  return id;
}

describe("a command", () => {
  it("is a row, a job and an audit entry; its answer comes back", async () => {
    const asked = exec(["echo", "a b", "$HOME"]);
    const id = await nextCommand();
    expect(await commandJobsOf(worker.hostId, id)).toMatchObject([{ state: "created" }]);
    expect(await claimCommand(id)).toMatchObject({
      command: ["echo", "a b", "$HOME"],
      timeoutSeconds: 20,
      containerId: expect.stringMatching(/^container-/),
    });
    await answerCommand(id, { exitCode: 3, stdout: bytes("out"), stderr: bytes("err"), truncated: true });
    expect(await asked).toEqual({ exitCode: 3, stdout: "out", stderr: "err", truncated: true });
    const audited = await db().auditEntry.findFirstOrThrow({
      where: { action: "session.exec", objectId: session.id },
    });
    expect(audited.detail).toEqual({ program: "echo" });
  });

  it("is carried out once, however often it is delivered", async () => {
    const asked = exec(["true"]);
    const id = await nextCommand();
    const claims = await Promise.all(Array.from({ length: 10 }, () => claimCommand(id)));
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    await answerCommand(id, { exitCode: 0, stdout: bytes(""), stderr: bytes(""), truncated: false });
    await answerCommand(id, { exitCode: 1, stdout: bytes("second"), stderr: bytes(""), truncated: false });
    expect(await asked).toMatchObject({ exitCode: 0, stdout: "" });
  });

  it("can answer any bytes", async () => {
    const asked = exec(["cat"]);
    await answerNext({
      exitCode: 0,
      stdout: new Uint8Array([0, 0xff, 0x41]),
      stderr: bytes("\uFEFF日本"),
      truncated: false,
    });
    expect(await asked).toEqual({ exitCode: 0, stdout: "\0\uFFFDA", stderr: "\uFEFF日本", truncated: false });
  });

  it("that couldn't be started says why", async () => {
    const asked = codeOf(exec(["nothing"]));
    await answerNext({ error: "No such program." });
    expect(await asked).toBe("exec_failed");
  });

  it.each([`${"x".repeat(199)}😀`, "x".repeat(131_072), ""])(
    "with a program of any name is kept and audited: case %#",
    async (program) => {
      const asked = exec([program]);
      await answerNext({ exitCode: 0, stdout: bytes(""), stderr: bytes(""), truncated: false });
      expect((await asked).exitCode).toBe(0);
    },
  );

  it("is forgotten with what it printed, when no session can be idle by it any more", async () => {
    const asked = exec(["env"]);
    const answer = { exitCode: 0, stdout: bytes("much"), stderr: bytes(""), truncated: false };
    const id = await answerNext(answer);
    await asked;
    const age = (days: number) =>
      db().$executeRaw`
        UPDATE session_commands SET created_at = now() - make_interval(days => ${days}::int) WHERE id = ${id}::uuid`;
    await age(7);
    await forgetCommands();
    expect(await db().sandboxCommand.count({ where: { id } })).toBe(1);
    await age(9);
    await forgetCommands();
    expect(await db().sandboxCommand.count({ where: { id } })).toBe(0);
  });

  it("isn't taken by a session that doesn't run", async () => {
    const { profile } = await publishReady(worker);
    const queued = await makeSession(profile.id);
    const work = () => execInSession(operator, queued.id, { command: ["true"], timeoutSeconds: 1 });
    expect(await codeOf(work())).toBe("not_running");
    await moveSession(queued.id, "failed");
    expect(await codeOf(work())).toBe("not_running");
    expect(await codeOf(execInSession(operator, "nothing", { command: ["true"], timeoutSeconds: 1 }))).toBe(
      "not_found",
    );
  });
});
