/** A session's files through commands in its sandbox: byte for byte, of any size, and no further than its user reaches. */
import { createHash, randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { extract, pack } from "tar-stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { createSession } from "@/lib/sessions/create.server";
import { listFolder } from "@/lib/sessions/entries.server";
import { execInSession } from "@/lib/sessions/exec.server";
import { deleteFile, readFile, writeFile } from "@/lib/sessions/files.server";
import type { SessionWire } from "@/lib/sessions/wire";
import { built, operator } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";

let kiln: TestKiln;
let session: SessionWire;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
  const { slug } = await built({
    files: [
      { path: "/etc/passwd", content: "root:x:0:0::/:/bin/sh\ndev:x:1000:1000::/tmp:/bin/sh\n" },
      { path: "/secret", content: "root's own\n", mode: "0600" },
    ],
    setupScript: "true",
    user: "dev",
    workdir: "/tmp",
  });
  session = await createSession(operator, { profile: slug, wait: "running", env: {} });
});
afterAll(() => kiln.cleanUp());

const never = new AbortController().signal;
const sh = async (script: string) =>
  (await execInSession(operator, session.id, { command: ["sh", "-c", script], timeoutSeconds: 20 })).stdout;
const read = async (path: string) => {
  const { content, ...facts } = await readFile(operator, session.id, path, never);
  return { ...facts, bytes: await buffer(content), said: facts.bytes };
};
async function* inPieces(bytes: Uint8Array, size = 50_000): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const write = (path: string, bytes: Uint8Array, options: { bytes?: number; tar?: boolean } = {}) =>
  writeFile(operator, session.id, { path, bytes: bytes.length, tar: false, ...options }, inPieces(bytes));
const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const left = () => db().commandChunk.count();

test("any bytes come out as they went in, also many; folders are made, and what was there is replaced", async () => {
  const many = randomBytes(12 * 1024 * 1024 + 7);
  await write("made/on the way/many ✓", many);
  expect(await sh('sha256sum "made/on the way/many ✓"')).toContain(sha(many));
  const back = await read("/tmp/made/on the way/many ✓");
  expect([back.kind, back.said, sha(back.bytes)]).toEqual(["file", many.length, sha(many)]);
  await write("small", Buffer.from("first"));
  await write("small", Buffer.from(""));
  expect(await read("small")).toMatchObject({ kind: "file", said: 0 });
  await write("-rf", Buffer.from("no option\n"));
  expect((await read("-rf")).bytes.toString()).toBe("no option\n");
  // No part of one is left beside it.
  expect(await sh("cd 'made/on the way' && echo *")).toBe("many ✓\n");
  expect(await left()).toBe(0);
});

test("a folder is listed as it is: links by where they lead, any names, and what can't be says why", async () => {
  await sh(
    "mkdir -p list/deep && cd list && ln -s deep into && ln -s nowhere lost && touch -- -n 'a b' && printf x > 'two\nlines'",
  );
  const { path, items, truncated } = await listFolder(operator, session.id, "list");
  expect([path, truncated]).toEqual(["/tmp/list", false]);
  expect(
    items.map(({ name, kind, isLink, bytes }) => [name, kind, isLink, kind === "file" ? bytes : null]),
  ).toEqual([
    ["deep", "folder", false, null],
    ["into", "folder", true, null],
    ["-n", "file", false, 0],
    ["a b", "file", false, 0],
    ["lost", "link", true, null],
    ["two\nlines", "file", false, 1],
  ]);
  expect((await listFolder(operator, session.id, "/")).items.map(({ name }) => name)).toContain("etc");
  await expect(listFolder(operator, session.id, "list/a b")).rejects.toMatchObject({ status: 409 });
  await expect(listFolder(operator, session.id, "list/none")).rejects.toMatchObject({ status: 404 });
});

test("a folder comes as a tar, and a tar is unpacked into one", async () => {
  const archive = pack();
  archive.entry({ name: "one" }, "1\n");
  archive.entry({ name: "two/three" }, "3\n");
  archive.finalize();
  await write("unpacked", await buffer(archive), { tar: true });
  expect(await sh("cat unpacked/one unpacked/two/three")).toBe("1\n3\n");
  const { kind, bytes } = await read("unpacked");
  expect(kind).toBe("folder");
  const names: string[] = [];
  const reader = extract();
  reader.on("entry", (header, body, next) => {
    names.push(header.name);
    body.on("end", next).resume();
  });
  reader.end(bytes);
  await finished(reader);
  expect(names.sort()).toEqual(["./", "./one", "./two/", "./two/three"]);
});

test("nobody reaches further than the session's user: not up, not through a link, not root's own", async () => {
  await sh("ln -s /secret link; ln -s /etc/passwd names");
  for (const path of ["/secret", "link", "../../secret", "/tmp/../secret"])
    await expect(read(path)).rejects.toMatchObject({ status: 403, code: "file_refused" });
  // What it may read it reads, wherever the link leads: all of it is within the sandbox.
  expect((await read("names")).bytes.toString()).toContain("dev:x:1000");
  await expect(write("/etc/passwd", Buffer.from("mine"))).rejects.toMatchObject({ status: 403 });
  await expect(write("/root-only/file", Buffer.from("mine"))).rejects.toMatchObject({ status: 409 });
  await expect(deleteFile(operator, session.id, "/secret")).rejects.toMatchObject({ status: 403 });
  expect(await sh("cat /etc/passwd")).toContain("dev:x:1000");
});

test("what isn't there, is no file, or doesn't come whole, says so and changes nothing", async () => {
  await expect(read("nothing")).rejects.toMatchObject({ status: 404 });
  await expect(read("/dev/null")).rejects.toMatchObject({ status: 409 });
  await expect(write("unpacked", Buffer.from("x"))).rejects.toMatchObject({ status: 409 });
  await expect(deleteFile(operator, session.id, "nothing")).rejects.toMatchObject({ status: 404 });
  await write("kept", Buffer.from("kept\n"));
  await deleteFile(operator, session.id, "small");
  await deleteFile(operator, session.id, "unpacked");
  expect(await sh("ls")).not.toMatch(/small|unpacked/);
  expect((await read("kept")).bytes.toString()).toBe("kept\n");
});

test("a reader that leaves in the middle of a long file leaves nothing behind", async () => {
  await sh("head -c 30000000 /dev/zero > zeros");
  const { content } = await readFile(operator, session.id, "zeros", never);
  await content.next();
  await content.return();
  await expect.poll(left).toBe(0);
});
