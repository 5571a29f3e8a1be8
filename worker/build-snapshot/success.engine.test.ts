/** What a build does when all goes well, and what is in the image then. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { BOOKWORM, BUSYBOX, docker } from "@/worker/containers/docker/testing/engine";
import { built, ended, output, refresh, storedLines } from "@/worker/testing/builds";
import { inImage, layerFiles } from "@/worker/testing/images";
import { containersOf, startKiln, type TestKiln, volumesOf } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
});
afterAll(() => kiln.cleanUp());

test("from the script to a serving snapshot, each step with its status and its time", async () => {
  const snapshot = await built({
    setupScript: "echo out; echo err >&2; echo made > /made",
    check: "test -f /made; echo checked",
  });
  expect(snapshot).toMatchObject({ status: "ready", serving: true, attempt: 1, failure: null });
  expect(snapshot.steps.map(({ name, status }) => `${name} ${status}`)).toEqual(
    ["base-image", "files", "setup", "capture", "check", "promote"].map((name) => `${name} done`),
  );
  let before = Date.parse(snapshot.queuedAt);
  for (const { name, startedAt, finishedAt, firstLine } of snapshot.steps) {
    expect(Date.parse(startedAt!), name).toBeGreaterThanOrEqual(before);
    expect(Date.parse(finishedAt!), name).toBeGreaterThanOrEqual(Date.parse(startedAt!));
    expect(firstLine, name).toBeGreaterThan(0);
    before = Date.parse(finishedAt!);
  }
  expect(Date.parse(snapshot.finishedAt!)).toBeGreaterThanOrEqual(before);

  const lines = await storedLines(snapshot.id);
  const said = lines.filter(({ step, stream }) => step === "setup" && stream !== "system");
  // Two pipes: the order between them is the kernel's.
  expect(said.map(({ stream, text }) => `${stream} ${text}`).sort()).toEqual(["stderr err", "stdout out"]);
  expect(lines.find(({ text }) => text === "checked")).toMatchObject({ step: "check", stream: "stdout" });
  for (const { name, firstLine } of snapshot.steps) expect(lines[firstLine! - 1]?.step, name).toBe(name);

  await until("the containers to be gone", async () => (await containersOf(kiln.installation)).length === 0);
  expect(await volumesOf(kiln.installation)).toEqual([]);
});

test.concurrent("the base image is recorded as it was resolved", async () => {
  const snapshot = await built({ setupScript: "true" });
  const base = await docker.getImage(BUSYBOX).inspect();
  expect(snapshot.baseImage).toEqual({
    reference: BUSYBOX,
    id: base.Id,
    digest: base.RepoDigests[0] ?? null,
  });
});

test.concurrent("the image has the base image's command, entrypoint and user, and the environment of the spec", async () => {
  const env = { GREETING: 'a "quoted" $HOME\nline', EMPTY: "" };
  const snapshot = await built({ setupScript: "true", env, user: "1000:1000", workdir: "/srv/work" });
  const { Config: image } = await docker.getImage(snapshot.image!.id).inspect();
  const { Config: base } = await docker.getImage(BUSYBOX).inspect();
  expect(image.Cmd).toEqual(base.Cmd);
  expect(image.Entrypoint ?? []).toEqual(base.Entrypoint ?? []);
  expect(["", "root"]).toContain(image.User);
  expect(image.Env).toEqual(expect.arrayContaining([`GREETING=${env.GREETING}`, "EMPTY="]));
  expect(image.Env).toEqual(expect.arrayContaining(base.Env ?? []));
  expect(image.Env.join("\n")).not.toContain("DEBIAN_FRONTEND");
  expect(image.WorkingDir).toBe("/srv/work");
  expect(image.Volumes ?? {}).toEqual({});
});

test.concurrent("the reference can be given to docker run as it is", async () => {
  const snapshot = await built({ setupScript: "echo prepared > /prepared" });
  expect(snapshot.image!.reference).toMatch(/^kiln\/test-[0-9a-f]+:v1-1-/);
  expect(await inImage(snapshot.image!.reference, ["cat", "/prepared"])).toBe("prepared\n");
});

test.concurrent("the setup script is in no layer, nor in the configuration or the history", async () => {
  const snapshot = await built({ setupScript: "echo d0n0tkeepthis > /dev/null; touch /kept" });
  const files = await layerFiles(snapshot.image!.reference);
  expect(files.map(({ path }) => path)).toContain("kept");
  expect(files.filter(({ path }) => path.startsWith("run/kiln/")).map(({ path }) => path)).toEqual([
    "run/kiln/",
  ]);
  expect(files.filter(({ content }) => content.includes("d0n0tkeepthis"))).toEqual([]);
  const image = docker.getImage(snapshot.image!.id);
  expect(JSON.stringify([await image.inspect(), await image.history()])).not.toContain("d0n0tkeepthis");
});

test.concurrent("files with odd paths and modes", async () => {
  const files = [
    { path: "/etc/a b'c\"$(d).conf", content: "spaces", mode: "0600" },
    { path: "/new/deeply/nested/ünïcode-✓", content: "héllo ✓\n", mode: "644" },
    { path: "/usr/local/bin/tool", content: "#!/bin/sh\necho tool ran\n", mode: "0755" },
    { path: "/set/uid", content: "", mode: "4711" },
    { path: "/none", content: "x", mode: "000" },
    { path: "/two\nlines", content: "y", mode: "0644" },
    { path: "/-rf", content: "dash", mode: "0644" },
    { path: `/${"long/".repeat(60)}file`, content: "deep", mode: "0644" },
  ];
  const snapshot = await built({ files, setupScript: "/usr/local/bin/tool; stat -c '%a %U' /tmp" });
  expect(snapshot.failure).toBeNull();
  expect((await output(snapshot.id)).split("\n")).toEqual([
    "tool ran",
    (await inImage(BUSYBOX, ["stat", "-c", "%a %U", "/tmp"])).trim(),
  ]);
  const stored = new Map((await layerFiles(snapshot.image!.reference)).map((file) => [file.path, file]));
  for (const { path, content, mode } of files) {
    const found = stored.get(path.slice(1));
    expect(found, path).toMatchObject({ mode: mode.replace(/^0+(?=.)/, ""), owner: "0:0" });
    expect(found?.content.toString(), path).toBe(content);
  }
  // A line feed in a path doesn't break the numbers of the log.
  await storedLines(snapshot.id);
});

test.concurrent("a file of the spec that can't be written fails with its path", async () => {
  const snapshot = await built({ files: [{ path: "/bin/sh/inside", content: "" }] });
  expect(snapshot).toMatchObject({ status: "failed", failure: { code: "plan_failed", step: "files" } });
  expect(snapshot.failure!.message).not.toBe("");
});

test.concurrent("an empty setup script is skipped; files and check still count", async () => {
  for (const setupScript of ["", " \n\t\n"]) {
    const files = [{ path: "/a", content: "A" }];
    const snapshot = await built({ setupScript, files, check: 'test "$(cat /a)" = A' });
    expect(snapshot.failure).toBeNull();
    expect(snapshot.steps.map(({ status }) => status)).toEqual([
      "done",
      "done",
      "skipped",
      "done",
      "done",
      "done",
    ]);
  }
});

test.concurrent("where there is no bash, sh -e runs the script: it ends at the first failure", async () => {
  const snapshot = await built({ setupScript: 'echo "${BASH_VERSION:-no bash}"\nfalse\necho not reached' });
  expect(await output(snapshot.id)).toBe("no bash");
  expect(snapshot.failure).toMatchObject({ code: "setup_failed", exitCode: 1, step: "setup" });
});

test.concurrent("where there is bash, bash -e does", async () => {
  const script = 'words=(one two); echo "${words[1]} ${BASH_VERSION%%.*}"\nfalse\necho not reached';
  const snapshot = await built({ baseImage: BOOKWORM, setupScript: script });
  expect(await output(snapshot.id)).toBe("two 5");
  expect(snapshot.failure).toMatchObject({ code: "setup_failed", exitCode: 1, step: "setup" });
});

test.concurrent("a #! line is honoured", async () => {
  const awk = await built({ setupScript: '#!/bin/awk -f\nBEGIN { print "from awk" }' });
  expect(awk.status).toBe("ready");
  expect(await output(awk.id)).toBe("from awk");
  // And without -e, because nobody asked for it.
  const lenient = await built({ setupScript: "#!/bin/sh\nfalse\necho goes on" });
  expect(lenient.status).toBe("ready");
  expect(await output(lenient.id)).toBe("goes on");
});

test.concurrent("a #! line that names nothing is a failed script that says so", async () => {
  const snapshot = await built({ setupScript: "#!/no/such/interpreter\n" });
  expect(snapshot.failure).toMatchObject({ code: "setup_failed", step: "setup", exitCode: 127 });
  expect(await output(snapshot.id)).toContain("/run/kiln/setup");
});

test.concurrent("a script that waits on its input gets the end of it at once", async () => {
  const started = Date.now();
  const snapshot = await built({ setupScript: 'cat; read -r line || echo "nothing: $line"' });
  expect(snapshot.status).toBe("ready");
  expect(await output(snapshot.id)).toBe("nothing: ");
  expect(Date.now() - started).toBeLessThan(10_000);
});

test.concurrent("a script of 256 KiB", async () => {
  const filler = `# ${"x".repeat(97)}\n`;
  const script = `${filler.repeat(Math.floor((256 * 1024 - 20) / filler.length))}echo the last line`;
  const snapshot = await built({ setupScript: script });
  expect(snapshot.failure).toBeNull();
  expect(await output(snapshot.id)).toBe("the last line");
});

test.concurrent("the user and the working folder of the spec hold for the script and for the check", async () => {
  const tell = 'echo "$(id -u):$(id -g) $PWD"';
  const files = [{ path: "/etc/passwd", content: "root:x:0:0::/:/bin/sh\ndev:x:1000:1001::/:/bin/sh\n" }];
  const snapshot = await built({
    files,
    setupScript: tell,
    check: tell,
    user: "dev",
    workdir: "/home/of/work",
  });
  expect(snapshot.failure).toBeNull();
  expect(await output(snapshot.id, "setup")).toBe("1000:1001 /home/of/work");
  expect(await output(snapshot.id, "check")).toBe("1000:1001 /home/of/work");
});

test.concurrent("a user that the image doesn't know fails with the engine's sentence", async () => {
  const snapshot = await built({ setupScript: "true", user: "nobody-knows" });
  expect(snapshot).toMatchObject({ status: "failed", failure: { code: "plan_failed" } });
  expect(snapshot.failure!.message).toContain("nobody-knows");
});

test.concurrent("network none has the loopback only; bridge has a way out", async () => {
  const script = "ls /sys/class/net | sort | tr '\\n' ' '; ip route";
  const none = await built({ setupScript: script, network: "none" });
  expect((await output(none.id)).trim()).toBe("lo");
  const bridge = await built({ setupScript: script, network: "bridge" });
  expect(await output(bridge.id)).toMatch(/eth0 lo default via/);
});

test.concurrent("the check runs in a fresh container of the captured image, with nothing of the first one running", async () => {
  const snapshot = await built({
    setupScript:
      "echo kept > /kept; mkdir -p /run/kiln; echo lost > /run/kiln/scratch; sleep 1000 & echo $! > /pid",
    check:
      'cat /kept; ls -A /run/kiln | wc -l; hostname > /from-check; test ! -e "/proc/$(cat /pid)/cmdline" || test "$(cat /pid)" -le 20',
  });
  expect(snapshot.failure).toBeNull();
  expect((await output(snapshot.id, "check")).split("\n")).toEqual(["kept", "0"]);
  // What the check writes isn't part of the snapshot.
  expect((await layerFiles(snapshot.image!.reference)).map(({ path }) => path)).not.toContain("from-check");
});

test.concurrent("a refresh takes the place of the snapshot that served", async () => {
  const first = await built({ setupScript: "date +%s%N > /made" });
  const second = await ended(await refresh(first.slug));
  expect(second).toMatchObject({ status: "ready", serving: true, number: 2 });
  const row = await db().snapshot.findUniqueOrThrow({ where: { id: first.id }, include: { servedBy: true } });
  expect(row).toMatchObject({ status: "ready", servedBy: [] });
  expect(second.image!.id).not.toBe(first.image!.id);
  // Both are kept: an operator may go back.
  await docker.getImage(first.image!.id).inspect();
});
