import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { INSTALLATION_LABEL } from "./labels";
import { BUSYBOX, docker, testInstallation } from "./testing/engine";
import { engineProxy } from "./testing/proxy";
import { type TestRegistry, testRegistry } from "./testing/registry";

const never = new AbortController().signal;
const { engine, installation, cleanUp } = testInstallation();
let registry: TestRegistry;
let lines: string[];
const onProgress = (line: string) => lines.push(line);

beforeAll(async () => {
  registry = await testRegistry({ [INSTALLATION_LABEL]: installation });
});
beforeEach(() => {
  lines = [];
  registry.layer = "whole";
});
afterEach(cleanUp);
afterAll(async () => {
  await registry.close();
  await cleanUp();
});

test("an image that is here isn't pulled", async () => {
  const image = await engine.resolveImage(BUSYBOX, onProgress, never);
  expect(image).toEqual(await engine.inspectImage(image.id));
  expect(image).toMatchObject({ digest: null, command: ["sh"], entrypoint: null, user: "" });
  expect(image.id).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(lines).toEqual([]);
});

test("one that isn't is pulled, with a line for each change, and not again", async () => {
  const reference = `${registry.repository}:1`;
  const image = await engine.resolveImage(reference, onProgress, never);
  expect(image).toMatchObject({ digest: `${registry.repository}@${registry.digest}`, command: ["/pulled"] });
  expect(image.sizeBytes).toBe(3 * 1024 * 1024);
  expect(lines[0]).toContain("Pulling from");
  expect(lines).toContainEqual(expect.stringMatching(/^[0-9a-f]{12}: Pull complete$/));
  expect(new Set(lines).size).toBe(lines.length);
  expect(lines.length).toBeLessThan(12);

  const asked = registry.requests.length;
  await expect(engine.resolveImage(reference, onProgress, never)).resolves.toEqual(image);
  expect(registry.requests.length).toBe(asked);
});

test("what is here is pulled anew when that is asked for, or isn't had at all; its digest can be asked for", async () => {
  const reference = `${registry.repository}:1`;
  const old = await engine.resolveImage(reference, onProgress, never);
  await expect(engine.registryDigest(reference, never)).resolves.toBe(registry.digest);
  registry.move();
  await expect(engine.registryDigest(reference, never)).resolves.toBe(registry.digest);
  await expect(engine.resolveImage(reference, onProgress, never)).resolves.toEqual(old);
  const anew = await engine.resolveImage(reference, onProgress, never, true);
  expect(anew.digest).toBe(`${registry.repository}@${registry.digest}`);
  expect(anew.id).not.toBe(old.id);

  const gone = `${registry.repository}:gone`;
  await engine.tagImage(anew.id, gone);
  await expect(engine.resolveImage(gone, onProgress, never, true)).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringMatching(/:gone could not be pulled anew: .*manifest unknown/),
  });
  await expect(engine.registryDigest(gone, never)).rejects.toMatchObject({
    name: "EngineError",
    message: expect.stringContaining("manifest unknown"),
  });
  await expect(engine.registryDigest("127.0.0.1:1/kiln-test/none:1", never)).rejects.toMatchObject({
    name: "EngineError",
    message: expect.stringContaining("refused"),
  });
});

test("a digest names one, too", async () => {
  const reference = `${registry.repository}@${registry.digest}`;
  await expect(engine.resolveImage(reference, onProgress, never)).resolves.toMatchObject({
    digest: reference,
  });
});

test("what no registry has is not found, with the engine's sentence", async () => {
  const reference = `${registry.repository}:no-such-tag`;
  await expect(engine.resolveImage(reference, onProgress, never)).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringMatching(
      new RegExp(`^${reference} is not on this engine and could not be pulled: .*manifest unknown`),
    ),
  });
});

test("a registry that can't be reached is not found as well, since the engine answers", async () => {
  const reference = "127.0.0.1:1/kiln-test/none:1";
  await expect(engine.resolveImage(reference, onProgress, never)).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining("refused"),
  });
});

test("an id that isn't here is not looked for elsewhere", async () => {
  const id = `sha256:${"0".repeat(64)}`;
  await expect(engine.resolveImage(id, onProgress, never)).rejects.toMatchObject({ code: "not_found" });
});

test("a registry that falls silent is given up", async () => {
  registry.layer = "never";
  const { engine: impatient } = testInstallation({ deadlines: { pullIdle: 1000 } });
  const reference = `${registry.repository}:1`;
  await expect(impatient.resolveImage(reference, onProgress, never)).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining("nothing was heard of it for 1 s"),
  });
});

test("one that always comes on and never ends is given up, too", async () => {
  registry.layer = "slowly";
  const { engine: impatient } = testInstallation({ deadlines: { pullIdle: 10_000, pull: 3000 } });
  const started = Date.now();
  await expect(impatient.resolveImage(`${registry.repository}:1`, onProgress, never)).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining("it took longer than 3 s"),
  });
  expect(Date.now() - started).toBeGreaterThan(2900);
  expect(Date.now() - started).toBeLessThan(10_000);
}, 30_000);

test("an abort ends a pull with its reason, and a cut connection isn't success", async () => {
  registry.layer = "never";
  const proxy = await engineProxy();
  const { engine: behind } = testInstallation({ dockerHost: proxy.dockerHost });
  const abort = new AbortController();
  const aborted = behind.resolveImage(`${registry.repository}:1`, () => abort.abort("stop"), abort.signal);
  await expect(aborted).rejects.toBe("stop");
  await expect.poll(() => proxy.open()).toBe(0);

  const cut = behind.resolveImage(`${registry.repository}:1`, () => proxy.cut(), never);
  await expect(cut).rejects.toMatchObject({ code: "unavailable" });
  await expect.poll(() => proxy.open()).toBe(0);
  await proxy.close();
  await expect(docker.getImage(`${registry.repository}:1`).inspect()).rejects.toMatchObject({
    statusCode: 404,
  });
});
