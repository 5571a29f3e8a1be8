import { createHash, randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { BOOKWORM, collect, testInstallation } from "./testing/engine";
import { engineProxy } from "./testing/proxy";

const never = new AbortController().signal;
const { engine, create, cleanUp } = testInstallation();
afterAll(cleanUp);

/** Runs what was created and answers what it said. */
const say = async (id: string) => (await collect(engine.startAttached(id, never))).stdout;

test("files are there when it starts: content, mode, owner, folders made on the way", async () => {
  const id = await create({
    command: [
      "sh",
      "-c",
      "cat /a/b/c.txt /top; stat -c '%n %a %u:%g' /a /a/b /a/b/c.txt /a/b/d /top /tmp /etc",
    ],
  });
  await engine.writeFiles(id, [
    { path: "/a/b/c.txt", content: "grün\n", mode: 0o640 },
    { path: "/a/b/d", content: "", mode: 0o4755 },
    { path: "/top", content: new TextEncoder().encode("bytes\n"), mode: 0o600 },
    { path: "/tmp/x", content: "x", mode: 0o644 },
    { path: "/etc/y", content: "y", mode: 0o644 },
  ]);
  const lines = ["/a 755 0:0", "/a/b 755 0:0", "/a/b/c.txt 640 0:0", "/a/b/d 4755 0:0", "/top 600 0:0"];
  expect(await say(id)).toBe(["grün", "bytes", ...lines, "/tmp 1777 0:0", "/etc 755 0:0", ""].join("\n"));
});

test("odd names arrive as they are", async () => {
  const long = `${"long".repeat(60)}.txt`;
  const id = await create({ command: ["sh", "-c", 'cd "/o d d" && for f in *; do echo "$f"; done'] });
  const names = ["$(touch evil)", "-rf", long, "naïve 名前", "quo\"te's"];
  await engine.writeFiles(
    id,
    names.map((name) => ({ path: `/o d d/${name}`, content: name, mode: 0o644 })),
  );
  expect((await say(id)).trim().split("\n").sort()).toEqual([...names].sort());
});

test("a link on the way is followed, within the container", async () => {
  const id = await create({
    image: BOOKWORM,
    command: ["sh", "-c", "readlink /bin; cat /usr/bin/hello; ls -ld /var/run"],
  });
  await engine.writeFiles(id, [
    { path: "/bin/hello", content: "hello\n", mode: 0o755 },
    { path: "/var/run/kiln-file", content: "", mode: 0o644 },
  ]);
  expect(await say(id)).toMatch(/^usr\/bin\nhello\nl.* \/var\/run -> \/run\n$/);
});

test("40 MB arrive whole", async () => {
  const content = randomBytes(40 * 1024 * 1024);
  const id = await create({ command: ["sha256sum", "/big"] });
  await engine.writeFiles(id, [{ path: "/big", content, mode: 0o644 }]);
  expect(await say(id)).toBe(`${createHash("sha256").update(content).digest("hex")}  /big\n`);
});

test("files can be written while it runs, and over existing ones", async () => {
  const id = await create({ command: ["sh", "-c", "while [ ! -e /go ]; do sleep 0.05; done; cat /go"] });
  await engine.writeFiles(id, [{ path: "/other", content: "1", mode: 0o644 }]);
  await engine.writeFiles(id, [{ path: "/other", content: "2", mode: 0o644 }]);
  const output = say(id);
  await expect.poll(() => engine.isRunning(id)).toBe(true);
  await engine.writeFiles(id, [{ path: "/go", content: "gone\n", mode: 0o644 }]);
  expect(await output).toBe("gone\n");
});

test("a folder isn't replaced by a file", async () => {
  const id = await create();
  const write = engine.writeFiles(id, [{ path: "/etc", content: "", mode: 0o644 }]);
  await expect(write).rejects.toMatchObject({ code: "failed" });
  await expect(engine.hasPath(id, "/etc/passwd")).resolves.toBe(true);
});

test("a path is found, volumes and links included, or not", async () => {
  const id = await create({ volatilePaths: ["/scratch"] });
  await engine.writeFiles(id, [{ path: "/scratch/deep/file", content: "", mode: 0o644 }]);
  const has = (path: string) => engine.hasPath(id, path);
  expect(await Promise.all(["/", "/bin/sh", "/scratch", "/scratch/deep/file"].map(has))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(await Promise.all(["/nothing", "/bin/sh/x", "/scratch/x", "/a b?c=d&e"].map(has))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test("a container that is missing is not found, and its upload leaves no connection", async () => {
  const proxy = await engineProxy();
  const behind = testInstallation({ dockerHost: proxy.dockerHost });
  const file = { path: "/top", content: randomBytes(8 * 1024 * 1024), mode: 0o644 };
  await expect(behind.engine.writeFiles("no-such-container", [file])).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(behind.engine.hasPath("no-such-container", "/")).rejects.toMatchObject({ code: "not_found" });
  await expect.poll(() => proxy.open()).toBe(0);
  await proxy.close();
});
