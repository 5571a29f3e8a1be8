import { randomUUID } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { INSTALLATION_LABEL, toLabels } from "./labels";
import { collect, docker, testInstallation } from "./testing/engine";

const never = new AbortController().signal;
const { engine, installation, plan, create, run, own, reference, cleanUp } = testInstallation();
afterAll(cleanUp);

test("the engine says who it is, the same each time", async () => {
  const first = await engine.identify();
  expect(first).toEqual(await engine.identify());
  expect(first.id).not.toBe("");
  expect(first.version).toMatch(/^\d+\.\d+/);
});

test("the plan's command replaces the image's, its environment, folder and user count", async () => {
  const { exitCode, stdout } = await run({
    command: ["sh", "-c", 'echo "$PWD $GREETING $(id -u) $1 $#"', "name", "a b; echo c"],
    env: { GREETING: "hello $HOME=x" },
    workdir: "/not/there/yet",
    user: "1000:1000",
  });
  expect(exitCode).toBe(0);
  expect(stdout).toBe("/not/there/yet hello $HOME=x 1000 a b; echo c 1\n");
});

test("a command that isn't there is a failed start with the engine's sentence", async () => {
  const id = await create({ command: ["/no/such/thing"] });
  await expect(collect(engine.startAttached(id, never))).rejects.toMatchObject({
    code: "failed",
    message: expect.stringContaining("/no/such/thing"),
  });
  await expect(engine.waitForExit(id, never)).rejects.toMatchObject({ code: "failed" });
  await engine.removeContainer(id);
});

test("an image that isn't there is not found, before anything is made", async () => {
  const missing = plan({ image: "kiln-test/no-such-image:1" });
  await expect(engine.createContainer(missing)).rejects.toMatchObject({ code: "not_found" });
  await expect(engine.isRunning(missing.name)).resolves.toBe(false);
});

test("a container of ours with the same name is replaced, even while it runs", async () => {
  const name = `kiln-test-${randomUUID()}`;
  const first = await create({ name, command: ["sleep", "1000"] });
  await engine.start(first);
  const second = await create({ name });
  expect(second).not.toBe(first);
  await expect(docker.getContainer(first).inspect()).rejects.toMatchObject({ statusCode: 404 });
  await expect(docker.getContainer(name).inspect()).resolves.toMatchObject({ Id: second });
});

const nobodys: { whose: string; labels: Record<string, string> }[] = [
  { whose: "without labels", labels: {} },
  { whose: "of another installation", labels: toLabels(own({ installation: randomUUID() })) },
  { whose: "with only some of our labels", labels: { [INSTALLATION_LABEL]: installation } },
  { whose: "from a snapshot's image", labels: toLabels(own({ kind: "snapshot" })) },
];

test.for(nobodys)("a container $whose with the same name is left alone", async ({ labels }) => {
  const name = `kiln-test-${randomUUID()}`;
  const options = { name, Image: plan().image, Labels: labels };
  const foreign = await docker.createContainer(options);
  try {
    await expect(create({ name })).rejects.toMatchObject({ code: "conflict" });
    await expect(foreign.inspect()).resolves.toMatchObject({ Id: foreign.id });
  } finally {
    await foreign.remove({ force: true });
  }
});

test("start, stop and kill can be repeated, and say whether it runs", async () => {
  const id = await create({ command: ["sleep", "1000"] });
  await expect(engine.isRunning(id)).resolves.toBe(false);
  await engine.kill(id);
  await engine.start(id);
  await engine.start(id);
  await expect(engine.isRunning(id)).resolves.toBe(true);
  await engine.kill(id);
  await engine.kill(id);
  await expect(engine.isRunning(id)).resolves.toBe(false);
  await engine.stop(id, 1);
  await expect(engine.waitForExit(id, never)).resolves.toEqual({ exitCode: 137, outOfMemory: false });
});

test("stop lets a process end by itself, and kills one that doesn't", async () => {
  const obedient = await create({
    command: ["sh", "-c", "trap 'exit 7' TERM; while :; do sleep 0.05; done"],
  });
  const stubborn = await create({ command: ["sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"] });
  await Promise.all([engine.start(obedient), engine.start(stubborn)]);
  const started = Date.now();
  await Promise.all([engine.stop(obedient, 30), engine.stop(stubborn, 1)]);
  expect(Date.now() - started).toBeLessThan(10_000);
  await expect(engine.waitForExit(obedient, never)).resolves.toMatchObject({ exitCode: 7 });
  await expect(engine.waitForExit(stubborn, never)).resolves.toMatchObject({ exitCode: 137 });
});

test("a kill ends daemons, too", async () => {
  const id = await create({
    command: ["sh", "-c", "setsid sleep 1000 & setsid sleep 1000 & exec sleep 1000"],
  });
  await engine.start(id);
  await engine.kill(id);
  await expect(docker.getContainer(id).top()).rejects.toMatchObject({ statusCode: 409 });
});

test("removal can be repeated, be done by several at once, and takes the volumes along", async () => {
  const id = await create({ command: ["sleep", "1000"], volatilePaths: ["/scratch"] });
  await engine.start(id);
  const volume = (await docker.getContainer(id).inspect()).Mounts[0]?.Name ?? "";
  await expect(docker.getVolume(volume).inspect()).resolves.toMatchObject({
    Labels: { "dev.kiln.installation": installation },
  });
  await Promise.all([1, 2, 3, 4].map(() => engine.removeContainer(id)));
  await engine.removeContainer(id);
  await expect(docker.getContainer(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
  await expect(docker.getVolume(volume).inspect()).rejects.toMatchObject({ statusCode: 404 });
});

test("the list holds what is ours and nothing else", async () => {
  const session = own({ kind: "session", fence: undefined, worker: undefined });
  const running = plan({ command: ["sleep", "1000"], ownership: session });
  const runningId = await engine.createContainer(running);
  await engine.start(runningId);
  const waiting = plan();
  const waitingId = await engine.createContainer(waiting);

  // Somebody's `docker run` of a snapshot: it has our labels from the image.
  const image = await engine.capture((await run()).id, {
    reference: reference(),
    base: { command: null, entrypoint: null, user: "" },
    ownership: own({ kind: "snapshot" }),
    comment: "",
  });
  const foreign = await docker.createContainer({ Image: image.id, Cmd: ["true"] });
  const stranger = await docker.createContainer({
    Image: plan().image,
    Labels: { "dev.kiln.installation": installation },
  });
  try {
    const found = await engine.listContainers(installation);
    expect(found).toContainEqual({ id: runningId, name: running.name, running: true, ownership: session });
    expect(found).toContainEqual({
      id: waitingId,
      name: waiting.name,
      running: false,
      ownership: waiting.ownership,
    });
    const ids = found.map((container) => container.id);
    expect(ids).not.toContain(foreign.id);
    expect(ids).not.toContain(stranger.id);
    await expect(engine.listContainers(randomUUID())).resolves.toEqual([]);
  } finally {
    await foreign.remove({ force: true });
    await stranger.remove({ force: true });
  }
});
