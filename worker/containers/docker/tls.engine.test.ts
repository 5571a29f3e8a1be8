/** An engine on another machine: `tcp://` with `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH`, with a real TLS in between. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDockerEngine } from "./index";
import { collect, testInstallation } from "./testing/engine";
import { type TlsProxy, tlsProxy } from "./testing/tls-proxy";

const never = new AbortController().signal;
let proxy: TlsProxy;
let under: ReturnType<typeof testInstallation>;

/** Certificates are read when the engine is made. */
function withCertificates<T>(folder: string, make: () => T): T {
  vi.stubEnv("DOCKER_TLS_VERIFY", "1");
  vi.stubEnv("DOCKER_CERT_PATH", folder);
  try {
    return make();
  } finally {
    vi.unstubAllEnvs();
  }
}

beforeAll(async () => {
  proxy = await tlsProxy();
  under = withCertificates(proxy.certificates, () => testInstallation({ dockerHost: proxy.dockerHost }));
});
afterAll(async () => {
  await under.cleanUp();
  await proxy.close();
});

test("every byte of a fast output comes, once and in order, also to a reader that is slow", async () => {
  const lines = 400_000;
  const id = await under.create({ command: ["seq", "1", String(lines)] });
  const expected = createHash("sha256");
  for (let line = 1; line <= lines; line += 1) expected.update(`${line}\n`);
  const seen = createHash("sha256");
  let bytes = 0;
  for await (const { data } of under.engine.startAttached(id, never)) {
    seen.update(data);
    // Long enough for more to be there than fits into one piece.
    if (bytes < 500_000) await new Promise((resolve) => setImmediate(resolve));
    bytes += data.length;
  }
  expect(bytes).toBe(
    Array.from({ length: lines }, (_, line) => `${line + 1}\n`.length).reduce((a, b) => a + b),
  );
  expect(seen.digest("hex")).toBe(expected.digest("hex"));
  expect((await under.engine.waitForExit(id, never)).exitCode).toBe(0);
});

test("what a container is given to read arrives whole, and its end, too", async () => {
  const waiting = await under.engine.startWaiting(
    under.plan({ command: ["sh", "-c", "wc -c; echo read >&2"] }),
  );
  const input = "x".repeat(300_000);
  expect(await collect(waiting.begin(never, { input }))).toEqual({ stdout: "300000\n", stderr: "read\n" });
});

test("an attachment that is left ends its connection, and the container goes on", async () => {
  const id = await under.create({ command: ["sh", "-c", "while :; do echo line; done"] });
  const leaving = new AbortController();
  const reading = (async () => {
    for await (const _ of under.engine.startAttached(id, leaving.signal)) leaving.abort(new Error("enough"));
  })();
  await expect(reading).rejects.toThrow("enough");
  expect(await under.engine.isRunning(id)).toBe(true);
  await under.engine.kill(id);
});

test("commands, terminals and files go the same way", async () => {
  const id = await under.create({ command: ["sleep", "100"] });
  await under.engine.start(id);
  const user = { user: "root", workdir: "/" };
  await under.engine.writeFiles(id, [{ path: "/told", content: "by TLS", mode: 0o644 }]);
  const said = await under.engine.exec(id, {
    command: ["cat", "/told"],
    timeoutSeconds: 10,
    maxBytes: 100,
    ...user,
  });
  expect(said.exitCode).toBe(0);
  expect(Buffer.from(said.stdout).toString()).toBe("by TLS");
  const shell = { command: ["sh", "-c", "echo from-$((40 + 2))"], env: {}, columns: 80, rows: 24, ...user };
  const terminal = await under.engine.openTerminal(id, shell);
  expect(Buffer.concat(await Array.fromAsync(terminal.output)).toString()).toContain("from-42");
  await terminal.end();
});

test("an engine with another authority's certificate is refused, and so is a client that the engine doesn't know", async () => {
  const attach = (folder: string) =>
    withCertificates(folder, () => createDockerEngine({ dockerHost: proxy.dockerHost }));
  const id = await under.create();
  for (const call of [
    (engine: ReturnType<typeof createDockerEngine>) => engine.identify(),
    (engine: ReturnType<typeof createDockerEngine>) => collect(engine.startAttached(id, never)),
  ]) {
    await expect(call(attach(proxy.strangers))).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/certificate isn't trusted.*ca\.pem.*DOCKER_CERT_PATH/),
    });
    await expect(call(attach(proxy.unknownClient))).rejects.toMatchObject({ code: "unavailable" });
  }
});
