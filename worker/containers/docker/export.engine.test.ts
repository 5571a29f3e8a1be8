/** A container's files as a tar: whole, or an error; never a part that looks like all of it. */
import { Readable } from "node:stream";
import { extract } from "tar-stream";
import { afterAll, expect, test } from "vitest";
import { createDockerEngine } from "./index";
import { testInstallation } from "./testing/engine";
import { engineProxy } from "./testing/proxy";

const { engine, create, cleanUp } = testInstallation();
afterAll(cleanUp);
const never = new AbortController().signal;

/** Reads it to its end; how many bytes there were. */
async function drain(source: AsyncIterable<Uint8Array>, onData?: (bytes: number) => void): Promise<number> {
  let bytes = 0;
  for await (const data of source) {
    bytes += data.length;
    onData?.(bytes);
  }
  return bytes;
}

async function names(source: AsyncIterable<Uint8Array>): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Readable.from(source).pipe(extract())) {
    found.push(entry.header.name);
    for await (const _ of entry);
  }
  return found;
}

test("a container that was never started gives all its files", async () => {
  const id = await create();
  await engine.writeFiles(id, [{ path: "/etc/hello", content: "hello", mode: 0o644 }]);
  const found = await names(engine.exportContainer(id, never));
  expect(found).toContain("etc/hello");
  expect(found.some((name) => name.startsWith("bin/"))).toBe(true);
  expect(await engine.isRunning(id)).toBe(false);
});

test("one that isn't there is not found; an abort throws its reason, before and within", async () => {
  await expect(drain(engine.exportContainer("none", never))).rejects.toMatchObject({ code: "not_found" });
  const id = await create();
  const before = AbortSignal.abort(new Error("stop"));
  await expect(drain(engine.exportContainer(id, before))).rejects.toThrow("stop");
  const within = new AbortController();
  const reading = drain(engine.exportContainer(id, within.signal), () => within.abort(new Error("stop")));
  await expect(reading).rejects.toThrow("stop");
});

test("an engine that dies or falls silent within it is unavailable, and no connection is left", async () => {
  const id = await create();
  const proxy = await engineProxy();
  const behind = createDockerEngine({ dockerHost: proxy.dockerHost, deadlines: { slow: 500 } });
  await expect(drain(behind.exportContainer(id, never), () => proxy.cut())).rejects.toMatchObject({
    code: "unavailable",
  });
  await expect(drain(behind.exportContainer(id, never), () => proxy.freeze())).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("within 0.5 s"),
  });
  await expect.poll(() => proxy.open()).toBe(0);
  await proxy.close();
});

test("whoever stops reading leaves no connection", async () => {
  const id = await create();
  const proxy = await engineProxy();
  const behind = createDockerEngine({ dockerHost: proxy.dockerHost });
  for await (const _ of behind.exportContainer(id, never)) break;
  await expect.poll(() => proxy.open()).toBe(0);
  await proxy.close();
});
