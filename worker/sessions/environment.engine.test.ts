/** A session's own variables and secrets: where they are seen, and where they aren't. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { createSecret, deleteSecret, rotateSecret } from "@/lib/secrets/change.server";
import { createSession } from "@/lib/sessions/create.server";
import { execInSession, streamInSession } from "@/lib/sessions/exec.server";
import { readFile } from "@/lib/sessions/files.server";
import type { SessionWire } from "@/lib/sessions/wire";
import { openTerminal } from "@/lib/terminals/open.server";
import { makeTokenActor } from "@/prisma/factories/people";
import { docker } from "@/worker/containers/docker/testing/engine";
import { built, operator } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { TerminalClient } from "@/worker/testing/terminal-client";

const value = () => `s3cr3t/${randomBytes(18).toString("base64")}&x y`;
let token = value();

let kiln: TestKiln;
let session: SessionWire;
beforeAll(async () => {
  kiln = await startKiln();
  await createSecret(operator, { name: "TOKEN", value: token });
  await kiln.startWorker();
  const { slug } = await built({ setupScript: "true", env: { FROM_SPEC: "spec", OWN: "spec" } });
  session = await createSession(operator, {
    ...{ profile: slug, wait: "running", env: { OWN: "a b", TOKEN: "hidden" }, secrets: ["TOKEN"] },
  });
});
afterAll(() => kiln.cleanUp());

const sh = (script: string) =>
  execInSession(operator, session.id, { command: ["sh", "-c", script], timeoutSeconds: 20 });

test("commands have them, the secret's value first, and none prints it; a file that has it comes as it is", async () => {
  const { stdout, stderr } = await sh(
    'echo "$FROM_SPEC $OWN ${#TOKEN}"; echo "it is $TOKEN!"; printf %s "$TOKEN" | base64 -w 0 >&2; printf %s "$TOKEN" > /tmp/kept',
  );
  expect(stdout).toBe(`spec a b ${token.length}\nit is ***!\n`);
  expect(stderr).not.toContain(Buffer.from(token).toString("base64").slice(4, 20));

  const frames = (
    await streamInSession(operator, session.id, {
      command: [
        "sh",
        "-c",
        'printf %s "$TOKEN" | cut -c1-10 | tr -d "\\n"; printf %s "$TOKEN" | cut -c11-; echo end',
      ],
      timeoutSeconds: 20,
    })
  )(new AbortController().signal);
  let said = "";
  for await (const frame of frames) if ("stream" in frame) said += frame.text;
  expect(said).toBe("***\nend\n");

  const file = await readFile(operator, session.id, "/tmp/kept", new AbortController().signal);
  const parts: Uint8Array[] = [];
  for await (const part of file.content) parts.push(part);
  expect(Buffer.concat(parts).toString()).toBe(token);
});

test("neither is in the container's configuration, nor a secret anywhere in the database but sealed", async () => {
  const found = JSON.stringify(await docker.getContainer(session.containerId!).inspect());
  expect(found).toContain("FROM_SPEC");
  expect(found).not.toContain("OWN=a b");
  expect(found).not.toContain(token);
  const rows = JSON.stringify([
    await db().session.findMany(),
    (await db().sandboxCommand.findMany()).map(({ stdout, stderr, ...rest }) => ({
      ...rest,
      inputBytes: null,
      output: Buffer.concat([stdout ?? Buffer.of(), stderr ?? Buffer.of()]).toString(),
    })),
    await db().auditEntry.findMany(),
  ]);
  expect(rows).toContain("it is ***!");
  expect(rows).not.toContain(token);
  expect(session).toMatchObject({ variables: ["OWN", "TOKEN"], secrets: ["TOKEN"] });
});

test("a terminal has them, too", async () => {
  const { actor, credential } = await makeTokenActor();
  const { ticket } = await openTerminal(actor, { kind: "session", id: session.id }, credential, {});
  const { gateway } = await db().worker.findFirstOrThrow({ where: { gateway: { not: null } } });
  const client = await TerminalClient.open(`ws://${gateway}/`, ticket);
  client.type('echo "[$OWN] [${#TOKEN}]"\r');
  await client.sees(`[a b] [${token.length}]`);
  client.cut();
});

test("the next command has a secret's new value; one that is gone is named, with what to do", async () => {
  token = value();
  await rotateSecret(operator, { name: "TOKEN", value: token });
  expect((await sh('printf %s "$TOKEN" | cut -c1-20 | tr -d "\\n" | wc -c; echo "$TOKEN"')).stdout).toBe(
    "20\n***\n",
  );
  await deleteSecret(operator, "TOKEN");
  await expect(sh("true")).rejects.toThrow(
    "The session was given the secret TOKEN, which doesn't exist any more. Make it again in Settings → Secrets.",
  );
});
