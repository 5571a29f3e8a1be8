/** What an image adds to its base is searched wherever it may be. */
import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { Finder } from "@/lib/secrets/finder";
import { wholeForms } from "@/lib/secrets/forms";
import { Matcher } from "@/lib/secrets/matcher";
import { createDockerEngine } from "./index";
import { BUSYBOX, testInstallation } from "./testing/engine";
import { engineProxy } from "./testing/proxy";

const { engine, run, own, reference, cleanUp } = testInstallation();
afterAll(cleanUp);

const VALUE = `planted-${randomBytes(12).toString("hex")}`;
const never = new AbortController().signal;

const look = (image: string, base: string) => {
  const matcher = new Matcher(wholeForms([{ name: "PLANTED", value: VALUE }]));
  return engine.searchImage(image, base, () => new Finder(matcher), never);
};

/** An image of what a script leaves. */
async function made(image: string, script: string, env: Record<string, string> = {}): Promise<string> {
  const { id } = await run({ image, command: ["/bin/sh", "-c", script], env });
  const base = await engine.inspectImage(image);
  const plan = { reference: reference(), base, ownership: own({ kind: "snapshot" }), comment: "" };
  return (await engine.capture(id, plan)).id;
}

test("a file that a later layer deletes is found; below the base nothing is", async () => {
  const first = await made(BUSYBOX, `start=${VALUE.slice(0, 9)}; echo "$start"${VALUE.slice(9)} > /gone`);
  const second = await made(first, "rm /gone");
  expect(await look(second, BUSYBOX)).toEqual({ found: "PLANTED", path: "/gone" });
  expect(await look(second, first)).toBeNull();
});

test("what is below the base is passed by the second time, and what is on top is searched as before", async () => {
  const first = await made(BUSYBOX, "echo once > /first");
  const second = await made(first, `start=${VALUE.slice(0, 9)}; echo "$start"${VALUE.slice(9)} > /second`);
  const third = await made(second, "echo more > /third");
  for (const _time of [1, 2]) {
    expect(await look(third, second)).toBeNull();
    expect(await look(third, first)).toEqual({ found: "PLANTED", path: "/second" });
    expect(await look(second, first)).toEqual({ found: "PLANTED", path: "/second" });
    expect(await look(third, BUSYBOX)).toEqual({ found: "PLANTED", path: "/second" });
  }
});

test("the configuration and a file's own name are searched", async () => {
  const configured = await made(BUSYBOX, "true", { TOKEN: VALUE });
  expect(await look(configured, BUSYBOX)).toEqual({ found: "PLANTED", path: "its configuration" });
  // Taken apart, because the command itself is in the configuration.
  const named = await made(BUSYBOX, `start=${VALUE.slice(0, 9)}; touch "/$start"${VALUE.slice(9)}`);
  expect(await look(named, BUSYBOX)).toEqual({ found: "PLANTED", path: `/${VALUE}` });
});

test("an image that isn't there is no image without secrets; one that was aborted neither", async () => {
  await expect(look("sha256:".padEnd(71, "0"), BUSYBOX)).rejects.toMatchObject({ code: "not_found" });
  const aborted = AbortSignal.abort(new Error("stop"));
  await expect(engine.searchImage(BUSYBOX, BUSYBOX, () => ({ push: () => null }), aborted)).rejects.toThrow(
    "stop",
  );
});

test("an engine that dies or falls silent within it is unavailable, and an abort has its reason; no connection is left", async () => {
  const image = await made(BUSYBOX, "head -c 40000000 /dev/urandom > /big; gzip -c /big > /big.gz");
  const proxy = await engineProxy();
  const behind = createDockerEngine({ dockerHost: proxy.dockerHost, deadlines: { slow: 500 } });
  const searched = (strike: () => void, signal = never) => {
    let pieces = 0;
    const push = () => {
      pieces += 1;
      if (pieces === 20) strike();
      return null;
    };
    return behind.searchImage(image, BUSYBOX, () => ({ push }), signal);
  };
  await expect(searched(proxy.cut)).rejects.toMatchObject({ name: "EngineError", code: "unavailable" });
  const leaving = new AbortController();
  await expect(searched(() => leaving.abort(new Error("stop")), leaving.signal)).rejects.toThrow("stop");
  await expect(searched(proxy.freeze)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("within 0.5 s"),
  });
  await expect.poll(() => proxy.open()).toBe(0);
  await proxy.close();
}, 30_000);
