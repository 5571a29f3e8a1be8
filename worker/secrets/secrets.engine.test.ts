/** Secrets in real builds: where they are seen, what is left of them, and what a rotation does. */
import { createHash, randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { createSecret, deleteSecret, rotateSecret } from "@/lib/secrets/change.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { docker } from "@/worker/containers/docker/testing/engine";
import {
  built,
  ended,
  forgeSpec,
  logged,
  operator,
  output,
  publish,
  refresh,
  storedLines,
} from "@/worker/testing/builds";
import { layerFiles } from "@/worker/testing/images";
import { containersOf, startKiln, type TestKiln } from "@/worker/testing/installation";

/** Not the same text anywhere else on this machine. */
const TOKEN = `s3cr3t/${randomBytes(18).toString("base64")}&x y`;
const KEY = `-----BEGIN KEY-----\n${randomBytes(90).toString("base64")}\n%s\\n'"$(id)\n-----END KEY-----\n`;

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  await createSecret(operator, { name: "TOKEN", value: TOKEN });
  await createSecret(operator, { name: "SSH_KEY", value: KEY });
  await kiln.startWorker();
});
afterAll(() => kiln.cleanUp());

const everything = async (snapshotId: string) =>
  JSON.stringify([
    await storedLines(snapshotId),
    await getSnapshot(snapshotId),
    await db().auditEntry.findMany(),
    kiln.workers.map((worker) => worker.transcript()),
  ]);

describe("a build that names secrets", () => {
  test("has each as environment and as a file that only its user reads, exactly", async () => {
    const hash = (text: string) => createHash("sha256").update(text).digest("hex");
    const snapshot = await built({
      secrets: ["TOKEN", "SSH_KEY"],
      user: "1000:1000",
      setupScript: [
        'printf %s "$TOKEN" | sha256sum; sha256sum < /run/secrets/TOKEN; sha256sum < /run/secrets/SSH_KEY',
        "ls -A /run/secrets; stat -c '%a %u' /run/secrets/TOKEN; stat -f -c %T /run/secrets",
        "env | grep -c kiln_ || true",
      ].join("\n"),
      check: "ls -A /run/secrets | wc -l; echo ${TOKEN:-nothing}",
    });
    expect(snapshot.failure).toBeNull();
    expect((await output(snapshot.id)).split("\n")).toEqual([
      `${hash(TOKEN)}  -`,
      `${hash(TOKEN)}  -`,
      `${hash(KEY)}  -`,
      ".ready",
      "SSH_KEY",
      "TOKEN",
      "400 1000",
      "tmpfs",
      "0",
    ]);
    expect((await output(snapshot.id, "check")).split("\n")).toEqual(["0", "nothing"]);
  });

  test("leaves nothing of them in the image, its configuration, its history, the engine or the log", async () => {
    const { snapshotId } = await publish({
      secrets: ["TOKEN", "SSH_KEY"],
      setupScript:
        'echo ready; until [ -e /tmp/go ]; do sleep 0.1; done; echo "$TOKEN"; cat /run/secrets/*; env >/dev/null',
    });
    await logged(snapshotId, "ready");
    const [container] = await containersOf(kiln.installation, snapshotId);
    const running = docker.getContainer(container!.id);
    const during = JSON.stringify([await running.inspect(), await running.top()]);
    const go = await running.exec({ Cmd: ["touch", "/tmp/go"], AttachStdout: true });
    await go.start({ Detach: true });
    const snapshot = await ended(snapshotId);
    expect(snapshot).toMatchObject({ status: "ready", staleSecrets: [] });
    const image = docker.getImage(snapshot.image!.id);
    const saved = await buffer((await image.get()) as NodeJS.ReadableStream & AsyncIterable<Uint8Array>);
    const told = JSON.stringify([during, await image.inspect(), await image.history()]);
    for (const value of [TOKEN, ...KEY.split("\n").filter((line) => line.length > 8)]) {
      expect(saved.includes(value)).toBe(false);
      expect(told).not.toContain(JSON.stringify(value).slice(1, -1));
      expect(await everything(snapshotId)).not.toContain(JSON.stringify(value).slice(1, -1));
    }
    const said = (await output(snapshotId)).split("\n");
    expect(said).toEqual(["ready", "***", "***", "***"].slice(0, said.length));
    const files = (await layerFiles(snapshot.image!.reference)).map(({ path }) => path);
    expect(files.filter((path) => path.startsWith("run/secrets/"))).toEqual(["run/secrets/"]);
  });

  test("that has no script, and one with a #! line", async () => {
    const secrets = ["TOKEN"];
    expect(await built({ secrets, setupScript: "" })).toMatchObject({ status: "ready", failure: null });
    const snapshot = await built({ secrets, setupScript: '#!/bin/sh\necho "${#TOKEN}"' });
    expect(await output(snapshot.id)).toBe(String(TOKEN.length));
  });

  test("is marked when one is rotated, and its refresh is not", async () => {
    await createSecret(operator, { name: "ROTATED", value: "the first value" });
    const first = await built({ secrets: ["ROTATED"], setupScript: "true" });
    expect(first.staleSecrets).toEqual([]);
    await rotateSecret(operator, { name: "ROTATED", value: "the second value" });
    expect((await getSnapshot(first.id)).staleSecrets).toEqual(["ROTATED"]);
    const second = await ended(await refresh(first.slug));
    expect(second).toMatchObject({ status: "ready", staleSecrets: [] });
  });

  test("fails with its name when one is gone, or can't be opened", async () => {
    await createSecret(operator, { name: "FORGED", value: "some value or other" });
    const { slug, snapshotId } = await publish({ secrets: ["FORGED"], setupScript: "true" });
    await ended(snapshotId);
    await db()
      .$executeRaw`UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE name = 'TOKEN') WHERE name = 'FORGED'`;
    const forged = await ended(await refresh(slug));
    expect(forged.failure).toMatchObject({ code: "plan_failed", step: "files" });
    expect(forged.failure!.message).toMatch(/^The secret FORGED can't be decrypted/);
    await forgeSpec(slug, { secrets: ["FORGED", "GONE"] });
    expect((await ended(await refresh(slug))).failure!.message).toContain("names the secret GONE");
    await expect(deleteSecret(operator, "FORGED")).rejects.toMatchObject({ code: "secret_in_use" });
  });
});
