/** Repositories that need a secret: cloned with it, and nothing of it is left behind. Real servers for https and ssh. */
import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { getVersion } from "@/lib/profiles/store.server";
import { createSecret, deleteSecret, rotateSecret } from "@/lib/secrets/change.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { docker } from "@/worker/containers/docker/testing/engine";
import { built, operator, output, storedLines } from "@/worker/testing/builds";
import { gitImage } from "@/worker/testing/git-image";
import { inImage } from "@/worker/testing/images";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { type PrivateGitServer, servePrivately } from "@/worker/testing/private-git-server";
import { type SshServer, serveOverSsh } from "@/worker/testing/ssh-server";

const TOKEN = `ghp-${randomBytes(15).toString("hex")}`;
const PASSWORD = `pass word/${randomBytes(9).toString("base64")}`;
const CERTIFICATE = "/etc/kiln-test.pem";

let kiln: TestKiln;
let git: PrivateGitServer;
let elsewhere: PrivateGitServer;
let ssh: SshServer;
let tools: string;
beforeAll(async () => {
  kiln = await startKiln();
  git = await servePrivately(TOKEN, `dana:${PASSWORD}`);
  elsewhere = await servePrivately(TOKEN);
  await kiln.startWorker();
  tools = await gitImage();
  ssh = await serveOverSsh(tools);
  for (const [name, value] of Object.entries({
    TOKEN,
    LOGIN: `dana:${PASSWORD}`,
    WRONG: "not the right one",
    // As people paste them.
    KEY: ssh.key.trim().replaceAll("\n", "\r\n"),
    NO_KEY: "-----BEGIN OPENSSH PRIVATE KEY-----\nnothing\n-----END OPENSSH PRIVATE KEY-----",
  }))
    await createSecret(operator, { name, value });
}, 300_000);
afterAll(async () => {
  await Promise.all([git, elsewhere, ssh].map((server) => server?.stop()));
  await kiln.cleanUp();
});

const large = {
  resources: { cpus: 2, memoryMb: 512, pids: 256 },
  network: "bridge" as const,
};
/** A build that clones one repository. */
const cloned = (
  repository: { url: string; secret?: string; ref?: string; path?: string },
  more: object = {},
) =>
  built(
    {
      ...large,
      baseImage: tools,
      env: { GIT_SSL_CAINFO: CERTIFICATE },
      files: [{ path: CERTIFICATE, content: git.certificate + elsewhere.certificate }],
      repositories: [{ path: "/src", ...repository }],
      ...more,
    },
    120_000,
  );

/** Everything that anybody can get to see of a build, and of its image byte by byte. */
async function everything(snapshot: { id: string; image: { id: string } | null }): Promise<Buffer> {
  const image = docker.getImage(snapshot.image!.id);
  const told = [
    await storedLines(snapshot.id),
    await getSnapshot(snapshot.id),
    await db().auditEntry.findMany(),
    kiln.workers.map((worker) => worker.transcript()),
    await image.inspect(),
    await image.history(),
  ];
  const saved = await buffer((await image.get()) as NodeJS.ReadableStream & AsyncIterable<Uint8Array>);
  return Buffer.concat([Buffer.from(JSON.stringify(told)), saved]);
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("over https", () => {
  test("a token: only the clone has it, and nothing of it is left", async () => {
    const snapshot = await cloned(
      { url: git.url, ref: "v1", secret: "TOKEN" },
      {
        env: { GIT_SSL_CAINFO: CERTIFICATE, GIT_CURL_VERBOSE: "1", GIT_TRACE_REDACT: "0" },
        setupScript:
          "cat /src/file /src/.git/config; ls -A /run/secrets /run/kiln; env; git -C /src fetch || echo refused",
      },
    );
    expect(snapshot.failure).toBeNull();
    expect(git.seen).toContain(`x-access-token:${TOKEN}`);
    const said = await output(snapshot.id);
    expect(said).toContain("first\n");
    expect(said).toContain(`url = ${git.url}\n`);
    expect(said).toContain("refused");
    // git was told to print what it sends.
    expect(await output(snapshot.id, "repositories")).toMatch(/Authorization: Basic \S*\*\*\*/i);
    const all = await everything(snapshot);
    for (const text of [TOKEN, base64(`x-access-token:${TOKEN}`), base64(TOKEN)])
      expect(all.includes(text)).toBe(false);
    expect(await inImage(snapshot.image!.id, ["ls", "-A", "/run/secrets", "/run/kiln"])).not.toContain(".");
  }, 200_000);

  test("user:password, as another user than root; the password alone counts as the secret, too", async () => {
    const login = { url: git.url, secret: "LOGIN" };
    const snapshot = await cloned(
      { ...login, path: "/tmp/src" },
      {
        user: "nobody",
        env: { GIT_SSL_CAINFO: CERTIFICATE, HOME: "/tmp" },
      },
    );
    expect(snapshot.failure).toBeNull();
    expect(git.seen).toContain(`dana:${PASSWORD}`);
    expect((await everything(snapshot)).includes(PASSWORD)).toBe(false);
    const kept = await cloned(login, {
      secrets: ["LOGIN"],
      setupScript: 'git -C /src config http.extraHeader "X-Password: ${LOGIN#*:}"',
    });
    expect(kept.failure).toMatchObject({
      code: "secret_leaked",
      message: "The secret LOGIN is in the captured image: /src/.git/config. The image was deleted.",
    });
  }, 200_000);

  test("written into the clone's own configuration by the script, it is found", async () => {
    const snapshot = await cloned(
      { url: git.url, secret: "TOKEN" },
      {
        secrets: ["TOKEN"],
        setupScript: `git -C /src config "url.https://x:$TOKEN@example.com/.insteadOf" https://example.com/`,
      },
    );
    expect(snapshot.failure).toMatchObject({
      code: "secret_leaked",
      message: "The secret TOKEN is in the captured image: /src/.git/config. The image was deleted.",
    });
  }, 200_000);

  test("what is missing or refused is said, with the repository", async () => {
    const [missing, refused] = await Promise.all([
      cloned({ url: git.url }),
      cloned({ url: git.url, secret: "WRONG" }),
    ]);
    expect(missing.failure).toMatchObject({ code: "plan_failed", step: "repositories" });
    expect(missing.failure!.message).toBe(
      `${git.url} needs a secret: choose one beside it in a new draft, then publish that.`,
    );
    expect(refused.failure!.message).toBe(`The secret WRONG was refused by ${git.url}.`);
    expect(refused.failure!.hint).toContain("refused access");
  }, 200_000);

  test("a redirect to another server takes no secret along", async () => {
    const url = git.redirectTo(elsewhere.url);
    const snapshot = await cloned({ url, secret: "TOKEN" });
    expect(snapshot).toMatchObject({ status: "failed", failure: { code: "plan_failed" } });
    expect(elsewhere.seen).toEqual([]);
  }, 200_000);
});

describe("over ssh", () => {
  test("a key as people paste it, without its last line end: nothing of it is left", async () => {
    const snapshot = await cloned(
      { url: ssh.url, secret: "KEY" },
      { setupScript: "cat /src/file; ls -A /run/secrets /run/kiln" },
    );
    expect(snapshot.failure).toBeNull();
    expect(await output(snapshot.id)).toContain("over ssh");
    const all = await everything(snapshot);
    // The first line is the same in every key of this kind.
    const line = ssh.key.split("\n")[3] ?? "";
    expect(line.length).toBeGreaterThan(40);
    expect(all.includes(line)).toBe(false);
  }, 200_000);

  test("what is missing or refused is said, with the repository", async () => {
    const [missing, unreadable] = await Promise.all([
      cloned({ url: ssh.url }),
      cloned({ url: ssh.url, secret: "NO_KEY" }),
    ]);
    expect(missing.failure!.message).toContain(`${ssh.url} needs a secret`);
    expect(unreadable.failure!.message).toContain(
      `The secret NO_KEY was refused by ${ssh.url}. It holds no private key`,
    );
  }, 200_000);
});

test("a rotation marks what was cloned with the old value, and such a secret can't be deleted", async () => {
  await createSecret(operator, { name: "TURNED", value: TOKEN });
  const { id, slug, failure } = await cloned({ url: git.url, secret: "TURNED" });
  expect(failure).toBeNull();
  await rotateSecret(operator, { name: "TURNED", value: `${TOKEN}-new` });
  expect((await getSnapshot(id)).staleSecrets).toEqual(["TURNED"]);
  expect((await getVersion(slug, 1)).staleSecrets).toEqual(["TURNED"]);
  await expect(deleteSecret(operator, "TURNED")).rejects.toMatchObject({
    code: "secret_in_use",
    message: expect.stringContaining(`${slug} version 1`),
  });
}, 200_000);
