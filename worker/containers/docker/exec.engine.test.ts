import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Engine } from "../types";
import { BOOKWORM, docker, testInstallation } from "./testing/engine";
import { engineProxy } from "./testing/proxy";

const { engine, create, own, cleanUp } = testInstallation();
afterAll(cleanUp);

let busybox: string;
let bookworm: string;
const session = { command: ["sleep", "1000"], ownership: own({ kind: "session" }) };

beforeAll(async () => {
  busybox = await create(session);
  bookworm = await create({ ...session, image: BOOKWORM });
  await Promise.all([engine.start(busybox), engine.start(bookworm)]);
});

type Request = Parameters<Engine["exec"]>[1];

async function exec(command: string[], changes: Partial<Request> = {}, container = busybox, on = engine) {
  const request = { command, timeoutSeconds: 20, maxBytes: 10_000, user: "root", workdir: "/", ...changes };
  const { stdout, stderr, ...rest } = await on.exec(container, request);
  return {
    ...rest,
    stdout: Buffer.from(stdout).toString("latin1"),
    stderr: Buffer.from(stderr).toString("latin1"),
  };
}

/** What the container's processes are at the moment, without the first. */
async function processes(container: string): Promise<string[]> {
  const listed: { Processes: string[][] } = await docker
    .getContainer(container)
    .top({ ps_args: "-o pid,args" });
  return listed.Processes.map((row) => row[1] ?? "").filter((args) => args !== "sleep 1000");
}

test("code, both outputs, user and folder", async () => {
  const script = "pwd; id -u; echo oops >&2; exit 5";
  await expect(exec(["sh", "-c", script], { user: "1000:1000", workdir: "/tmp" })).resolves.toEqual({
    exitCode: 5,
    stdout: "/tmp\n1000\n",
    stderr: "oops\n",
    truncated: false,
  });
});

test.for([
  { name: "busybox", container: () => busybox },
  { name: "dash", container: () => bookworm },
])("arguments arrive as they are with $name: no shell reads them", async ({ container }) => {
  const odd = [
    "$(touch /evil)",
    "`id`",
    "a  b",
    "",
    "*",
    "'",
    '"',
    "\\n",
    "line\nline",
    "-n",
    ";exit 3",
    "ü",
    "$1 $@",
  ];
  const { stdout, exitCode } = await exec(["printf", "[%s]", ...odd], {}, container());
  expect(exitCode).toBe(0);
  expect(Buffer.from(stdout, "latin1").toString()).toBe(odd.map((word) => `[${word}]`).join(""));
  await expect(engine.hasPath(container(), "/evil")).resolves.toBe(false);
});

test("output that looks like the shell's own line isn't taken for it", async () => {
  expect(await exec(["printf", "123\\n456"])).toMatchObject({ stdout: "123\n456" });
  expect(await exec(["printf", "7"])).toMatchObject({ stdout: "7" });
  expect(await exec(["true"])).toEqual({ exitCode: 0, stdout: "", stderr: "", truncated: false });
});

test("output beyond the limit is read and dropped, of each stream by itself", async () => {
  const script = "head -c 3000000 /dev/zero; printf small >&2; exit 4";
  const answer = await exec(["sh", "-c", script], { maxBytes: 1000 });
  expect(answer).toMatchObject({ exitCode: 4, stderr: "small", truncated: true });
  expect(answer.stdout.length).toBe(1000);
  expect(await exec(["printf", "12345"], { maxBytes: 5 })).toMatchObject({
    stdout: "12345",
    truncated: false,
  });
  expect(await exec(["printf", "123456"], { maxBytes: 5 })).toMatchObject({
    stdout: "12345",
    truncated: true,
  });
});

test("a command that isn't there ends with 127", async () => {
  const answer = await exec(["/no/such/thing"]);
  expect(answer.exitCode).toBe(127);
  expect(answer.stderr).toContain("/no/such/thing");
});

test("there is nothing on standard input", async () => {
  expect(await exec(["cat"])).toMatchObject({ exitCode: 0, stdout: "" });
});

test("twenty at once are all answered", async () => {
  const numbers = Array.from({ length: 20 }, (_, index) => String(index));
  const answers = await Promise.all(numbers.map((number) => exec(["echo", number])));
  expect(answers.map((answer) => answer.stdout.trim())).toEqual(numbers);
});

test.for([
  { what: "one that sleeps", command: ["sleep", "77"], container: () => busybox, user: "root" },
  { what: "an ordinary user's", command: ["sleep", "77"], container: () => bookworm, user: "1000" },
  { what: "one that fills its output", command: ["yes"], container: () => busybox, user: "root" },
  {
    what: "one that ignores TERM",
    command: ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"],
    container: () => bookworm,
    user: "root",
  },
  {
    what: "one with children in their own session",
    command: ["sh", "-c", "setsid sleep 77 & sh -c 'sleep 77 & sleep 77' & wait"],
    container: () => bookworm,
    user: "root",
  },
  {
    what: "one that left its children behind",
    command: ["sh", "-c", "(sleep 77 &); (sleep 78 &); sleep 79"],
    container: () => busybox,
    user: "root",
  },
  {
    what: "root's that became another user's",
    command: ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "sleep", "77"],
    container: () => bookworm,
    user: "root",
  },
])(
  "a command that takes too long is ended with all that it started: $what",
  async ({ command, container, user }) => {
    const started = Date.now();
    await expect(exec(command, { timeoutSeconds: 1, user }, container())).rejects.toMatchObject({
      code: "failed",
      message: "The command ran longer than 1 s and was ended.",
    });
    expect(Date.now() - started).toBeLessThan(6000);
    await expect.poll(() => processes(container())).toEqual([]);
  },
);

test("without a shell the command runs, too, and is said to run on when it takes too long", async () => {
  const bare = await create(session);
  await engine.start(bare);
  await exec(["/bin/busybox", "rm", "/bin/sh"], {}, bare);
  expect(await exec(["/bin/busybox", "echo", "bare $0"], {}, bare)).toMatchObject({
    exitCode: 0,
    stdout: "bare $0\n",
  });
  const missing = await exec(["/no/such/thing"], {}, bare);
  expect([126, 127]).toContain(missing.exitCode);
  await expect(exec(["/bin/busybox", "sleep", "20"], { timeoutSeconds: 1 }, bare)).rejects.toMatchObject({
    code: "failed",
    message: expect.stringContaining("no shell"),
  });
  await engine.removeContainer(bare);
});

test("a process left in the background doesn't hold the answer back", async () => {
  const started = Date.now();
  const answer = await exec(["sh", "-c", "sleep 33 & echo done"], { timeoutSeconds: 15 });
  expect(answer).toMatchObject({ exitCode: 0, stdout: "done\n" });
  expect(Date.now() - started).toBeLessThan(8000);
});

test("a container that isn't running is a conflict, one that is gone not found", async () => {
  const id = await create();
  await expect(exec(["true"], {}, id)).rejects.toMatchObject({ code: "conflict" });
  await engine.removeContainer(id);
  await expect(exec(["true"], {}, id)).rejects.toMatchObject({ code: "not_found" });
});

test("a connection that is cut is not taken for the end of the command", async () => {
  const proxy = await engineProxy();
  const { engine: behind } = testInstallation({ dockerHost: proxy.dockerHost });
  const answer = exec(["sh", "-c", "echo started; sleep 30"], { timeoutSeconds: 25 }, busybox, behind);
  await expect.poll(() => processes(busybox)).toContain("sleep 30");
  proxy.cut();
  await expect(answer).rejects.toMatchObject({ code: "unavailable" });
  await expect.poll(() => proxy.open()).toBe(0);
  await proxy.close();
});

describe("a shell that stands by", () => {
  const root = { user: "root", workdir: "/" };
  const isWaiting = (args: string) => args.includes("kiln-waits");
  const untilWaiting = async (container: string, times = 1) => {
    await vi.waitFor(async () => expect((await processes(container)).filter(isWaiting)).toHaveLength(times), {
      timeout: 20_000,
      interval: 20,
    });
    // Inside it runs; the engine's answer may still be on its way.
    await engine.stateOf(container);
  };

  test.for([
    { name: "busybox", container: () => busybox },
    { name: "dash", container: () => bookworm },
  ])(
    "becomes the command with $name: words, variables, outputs and code as they are",
    async ({ container }) => {
      const words = [
        "$(touch /evil)",
        "`id`",
        "a  b",
        "",
        "*",
        "it's",
        '"',
        "\\",
        "two\nlines",
        "é \u{1f525}",
        "-n",
      ];
      const env = { PLAIN: "x", ODD: "it's $HOME\n`id`", EMPTY: "" };
      const script = 'printf "[%s]" "$@"; printf "<%s>" "$PLAIN" "$ODD" "$EMPTY" >&2; exit 7';
      const command = ["sh", "-c", script, "name", ...words];
      const plainly = await exec(command, { env }, container());
      engine.standBy(container(), root);
      await untilWaiting(container());
      const waiting = (await processes(container())).filter(isWaiting);
      expect(await exec(command, { env }, container())).toEqual(plainly);
      expect(plainly).toMatchObject({ exitCode: 7, truncated: false });
      expect((await processes(container())).filter((args) => waiting.includes(args))).toEqual([]);
    },
  );

  test("has no input to give, and one that isn't there says so as ever", async () => {
    engine.standBy(busybox, root);
    await untilWaiting(busybox);
    await expect(exec(["cat"])).resolves.toMatchObject({ exitCode: 0, stdout: "" });
    engine.standBy(busybox, root);
    await untilWaiting(busybox);
    await expect(exec(["not-there"])).resolves.toMatchObject({ exitCode: 127, stdout: "" });
  });

  test("is killed with all that it started when its time is up", async () => {
    engine.standBy(busybox, root);
    await untilWaiting(busybox);
    await expect(exec(["sh", "-c", "sleep 77 & sleep 78"], { timeoutSeconds: 1 })).rejects.toThrow(
      "ran longer than 1 s and was ended",
    );
    expect((await processes(busybox)).filter((args) => /sleep 7[78]/.test(args))).toEqual([]);
  });

  test("waits for its own user and folder only, and for nobody who gives input", async () => {
    engine.standBy(busybox, root);
    await untilWaiting(busybox);
    await expect(exec(["pwd"], { workdir: "/tmp" })).resolves.toMatchObject({ stdout: "/tmp\n" });
    await expect(exec(["id", "-u"], { user: "1000" })).resolves.toMatchObject({ stdout: "1000\n" });
    await untilWaiting(busybox);
    await exec(["true"]);
    await untilWaiting(busybox, 0);
  });

  test("that hasn't begun to enter isn't waited for", async () => {
    engine.standBy(busybox, { ...root, inMs: 600_000 });
    await expect(exec(["echo", "now"])).resolves.toMatchObject({ stdout: "now\n" });
    expect((await processes(busybox)).filter(isWaiting)).toEqual([]);
  });

  test("that is entering is", async () => {
    engine.standBy(busybox, root);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(exec(["sh", "-c", "echo $0", "now"])).resolves.toMatchObject({ stdout: "now\n" });
    expect((await processes(busybox)).filter(isWaiting)).toEqual([]);
  });

  test("that somebody has ended is done without", async () => {
    engine.standBy(busybox, root);
    await untilWaiting(busybox);
    await exec(["sh", "-c", "pkill -9 -f kiln-waits"], { workdir: "/tmp" });
    await expect(exec(["echo", "still"])).resolves.toMatchObject({ exitCode: 0, stdout: "still\n" });
  });

  test("in a paused container isn't told anything: the answer is the engine's, at once, and nothing runs later", async () => {
    const paused = await create(session);
    await engine.start(paused);
    engine.standBy(paused, root);
    await untilWaiting(paused);
    await docker.getContainer(paused).pause();
    const asked = performance.now();
    await expect(exec(["touch", "/ran"], {}, paused)).rejects.toMatchObject({ code: "conflict" });
    expect(performance.now() - asked).toBeLessThan(5_000);
    await docker.getContainer(paused).unpause();
    await untilWaiting(paused, 0);
    await expect(engine.hasPath(paused, "/ran")).resolves.toBe(false);
    await expect(exec(["echo", "again"], {}, paused)).resolves.toMatchObject({ stdout: "again\n" });
    await engine.removeContainer(paused);
  });

  test.each([
    { when: "before it is spoken to", now: true },
    { when: "as it is spoken to", now: false },
  ])("whose connection is cut $when is done without, and the command runs once", async ({ now }) => {
    const proxy = await engineProxy();
    const { engine: behind } = testInstallation({ dockerHost: proxy.dockerHost });
    behind.standBy(busybox, root);
    await untilWaiting(busybox);
    await behind.stateOf(busybox);
    let cuts = 0;
    const cutOnce = () => {
      cuts += 1;
      if (cuts === 1) proxy.cut();
    };
    proxy.onRequest((bytes) => {
      if (cuts > 0 || !bytes.includes("echo")) return bytes;
      cutOnce();
      return Buffer.alloc(0);
    });
    // Nobody here can have heard of it yet.
    if (now) cutOnce();
    const command = ["sh", "-c", `echo ran | tee -a /times-${now}`];
    await expect(exec(command, {}, busybox, behind)).resolves.toMatchObject({ exitCode: 0, stdout: "ran\n" });
    expect(cuts).toBe(1);
    expect(await exec(["cat", `/times-${now}`])).toMatchObject({ stdout: "ran\n" });
    behind.close();
    await proxy.close();
  });

  test("ends when its time is over, and when the worker lets go of all", async () => {
    engine.standBy(busybox, { ...root, forMs: 1_000 });
    await untilWaiting(busybox);
    await untilWaiting(busybox, 0);
    engine.standBy(busybox, root);
    await untilWaiting(busybox);
    engine.close();
    await untilWaiting(busybox, 0);
  });

  test("isn't missed where there is no shell", async () => {
    const bare = await create(session);
    await engine.start(bare);
    await exec(["/bin/busybox", "rm", "/bin/sh"], {}, bare);
    engine.standBy(bare, root);
    // It doesn't fit them, and they take longer than its try.
    for (let times = 0; times < 5; times += 1)
      await exec(["/bin/busybox", "true"], { workdir: "/bin" }, bare);
    await expect(exec(["/bin/busybox", "echo", "bare"], {}, bare)).resolves.toMatchObject({
      exitCode: 0,
      stdout: "bare\n",
      stderr: "",
    });
    await engine.removeContainer(bare);
  });
});
