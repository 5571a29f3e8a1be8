import { randomUUID } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { INSTALLATION_LABEL } from "./labels";
import { BUSYBOX, collect, docker, testInstallation } from "./testing/engine";

const never = new AbortController().signal;
const { engine, installation, create, run, own, reference, plan, cleanUp } = testInstallation();
afterAll(cleanUp);

/** A base image with these settings; made by the engine itself, and removed with the rest. */
async function base(...changes: string[]): Promise<string> {
  const container = await docker.createContainer({ Image: BUSYBOX });
  const lines = [...changes, `LABEL ${INSTALLATION_LABEL}=${installation}`].join("\n");
  const query = { container: container.id, repo: "kiln-test/base", tag: randomUUID(), changes: lines };
  const made = z.object({ Id: z.string() }).parse(await container.commit({ _query: query, _body: {} }));
  await container.remove();
  return made.Id;
}

const bases: { name: string; changes: string[] }[] = [
  { name: "only a command", changes: [] },
  { name: "an entrypoint and a command", changes: ['ENTRYPOINT ["/bin/echo","a"]', 'CMD ["b"]'] },
  { name: "only an entrypoint", changes: ['ENTRYPOINT ["/bin/echo"]', "CMD []"] },
  { name: "neither", changes: ["CMD []"] },
  { name: "a user", changes: ["USER 1000:1000"] },
  { name: "a user, neither command nor entrypoint", changes: ["USER 1000", "CMD []", "ENTRYPOINT []"] },
];

test.for(bases.flatMap((one) => ["root", "2000:2000"].map((user) => ({ ...one, user }))))(
  "a base with $name, set up as $user, keeps its command, entrypoint and user",
  async ({ changes, user }) => {
    const facts = await engine.inspectImage(await base(...changes, "ENV FROM_BASE=1"));
    const { id } = await run({
      image: facts.id,
      user,
      command: ["/bin/sh", "-c", "echo secret-setup-command"],
      env: { ADDED: "two words" },
      workdir: "/workspace",
    });
    const ownership = own({ kind: "snapshot" });
    const plan = { reference: reference(), base: facts, ownership, comment: "Kiln snapshot" };
    const image = await engine.capture(id, plan);
    expect({ command: image.command, entrypoint: image.entrypoint, workdir: image.workdir }).toEqual({
      command: facts.command,
      entrypoint: facts.entrypoint,
      workdir: "/workspace",
    });
    // A base that doesn't say means root; as another user the setup's container had to say so.
    expect(image.user).toBe(facts.user || (user === "root" ? "" : "root"));
    expect([...image.env].sort()).toEqual([...facts.env, "ADDED=two words"].sort());
    await expect(engine.inspectImage(plan.reference)).resolves.toEqual(image);

    const inspected = await docker.getImage(image.id).inspect();
    expect(inspected.Config.Labels).toEqual({
      "dev.kiln.installation": installation,
      "dev.kiln.kind": "snapshot",
      "dev.kiln.owner": ownership.owner,
      "dev.kiln.attempt": "1",
      "dev.kiln.worker": "tester",
    });
    expect(inspected.Config.Volumes ?? null).toBeNull();
    const history: unknown = await docker.getImage(image.id).history();
    expect(JSON.stringify(history)).not.toContain("secret-setup-command");
    expect(JSON.stringify(history)).toContain("Kiln snapshot");
  },
);

test("a label of the container that the image's owner doesn't have is not kept", async () => {
  const { id } = await run();
  const ownership = own({ kind: "snapshot", fence: undefined, worker: undefined });
  const image = await engine.capture(id, {
    reference: reference(),
    base: await busybox(),
    ownership,
    comment: "",
  });
  expect((await docker.getImage(image.id).inspect()).Config.Labels).toMatchObject({
    "dev.kiln.attempt": "",
    "dev.kiln.worker": "",
  });
});

test("a container that starts from it finds what was written, and runs the base's command", async () => {
  const { id } = await run({
    command: ["sh", "-c", "mkdir -p /opt/x && echo kept > /opt/x/file && rm /etc/group"],
  });
  const image = await engine.capture(id, {
    reference: reference(),
    base: await busybox(),
    ownership: own({ kind: "snapshot" }),
    comment: "",
  });
  const { stdout } = await run({ image: image.id, command: ["sh", "-c", "cat /opt/x/file; ls /etc"] });
  expect(stdout).toBe("kept\nhostname\nhosts\nmtab\npasswd\nresolv.conf\n");
});

/** Where the folder is missing in the base it is made for the mount and stays; below /dev a tmpfs hides it. */
const volatile: { path: string; left: string[]; seen: string }[] = [
  { path: "/run/kiln", left: ["/run", "/run/kiln"], seen: "/run/kiln" },
  { path: "/dev/shm/kiln", left: ["/dev", "/dev/shm", "/dev/shm/kiln"], seen: "" },
  { path: "/tmp", left: [], seen: "/tmp" },
];

test.for(volatile)(
  "what is put into the volatile $path before the start is there at run time and in no image",
  async ({ path, left, seen }) => {
    const id = await create({
      command: ["sh", "-c", `cat ${path}/in/put; echo made > ${path}/made; echo outside > /outside`],
      volatilePaths: [path],
    });
    await engine.writeFiles(id, [{ path: `${path}/in/put`, content: "secret value\n", mode: 0o600 }]);
    expect((await collect(engine.startAttached(id, never))).stdout).toBe("secret value\n");
    await engine.waitForExit(id, never);
    const changes = z.array(z.object({ Path: z.string() })).parse(await docker.getContainer(id).changes());
    expect(changes.map((change) => change.Path).sort()).toEqual([...left, "/outside"].sort());
    const image = await engine.capture(id, {
      reference: reference(),
      base: await busybox(),
      ownership: own({ kind: "snapshot" }),
      comment: "",
    });
    const { stdout } = await run({ image: image.id, command: ["find", path, "/outside"] });
    expect(stdout.trim().split("\n").sort()).toEqual([...(seen ? [seen] : []), "/outside"].sort());
  },
);

test("a container that runs or was never started isn't captured", async () => {
  const id = await create({ command: ["sleep", "1000"] });
  const wanted = {
    reference: reference(),
    base: await busybox(),
    ownership: own({ kind: "snapshot" }),
    comment: "",
  };
  await expect(engine.capture(id, wanted)).rejects.toMatchObject({ code: "conflict" });
  await engine.start(id);
  await expect(engine.capture(id, wanted)).rejects.toMatchObject({ code: "conflict" });
  await engine.removeContainer(id);
  await expect(engine.capture(id, wanted)).rejects.toMatchObject({ code: "not_found" });
  await expect(engine.inspectImage(wanted.reference)).rejects.toMatchObject({ code: "not_found" });
});

test("an image in use is left alone, a free one removed, a gone one no trouble; its parents stay", async () => {
  // An untagged parent, like a base image whose tag moved on.
  const parent = await base();
  const [tag = ""] = (await docker.getImage(parent).inspect()).RepoTags;
  const { id } = await run({ image: parent });
  const image = await engine.capture(id, {
    reference: reference(),
    base: await busybox(),
    ownership: own({ kind: "snapshot" }),
    comment: "",
  });
  await engine.removeContainer(id);
  await docker.getImage(tag).remove({ noprune: true });
  const user = await engine.createContainer(plan({ image: image.id }));
  await expect(engine.removeImage(image.id)).resolves.toBe(false);
  await expect(engine.inspectImage(image.id)).resolves.toEqual(image);
  await expect(engine.removeImage(parent)).resolves.toBe(false);
  await engine.removeContainer(user);
  await expect(engine.removeImage(image.id)).resolves.toBe(true);
  await expect(engine.removeImage(image.id)).resolves.toBe(true);
  await expect(engine.inspectImage(image.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(engine.inspectImage(parent)).resolves.toMatchObject({ id: parent });
});

async function busybox() {
  return await engine.inspectImage(BUSYBOX);
}
