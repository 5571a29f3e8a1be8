/** One layer of many, with the same files and configuration. */
import { afterAll, expect, test } from "vitest";
import type { FlattenPlan } from "../types";
import { docker, testInstallation } from "./testing/engine";

const { engine, own, run, cleanUp } = testInstallation();
afterAll(cleanUp);
const never = new AbortController().signal;

const plan = (): FlattenPlan => ({
  ownership: own({ kind: "snapshot" }),
  sandbox: own(),
  comment: "Kiln snapshot #1",
});

/** Busybox with three layers on top, the last of which takes something away; and a configuration that has everything. */
async function deep(): Promise<string> {
  const scripts = [
    "mkdir /made; echo one >/made/1; chown 7:8 /made/1; chmod 750 /made/1; ln -s 1 /made/link",
    "echo two >/made/2; touch /made/gone",
    "rm /made/gone",
  ];
  const configuration = {
    Env: ["PATH=/bin", 'QUOTES=a"b $c\\d\ne'],
    Cmd: ["sh", "-c", "a b"],
    Entrypoint: null,
    User: "7",
    WorkingDir: "/made",
    ExposedPorts: { "80/tcp": {} },
    StopSignal: "SIGINT",
  };
  let image = "";
  for (const script of scripts) {
    const { id } = await run({ ...(image ? { image } : {}), user: "root", command: ["sh", "-c", script] });
    const labels = { "dev.kiln.installation": own().installation, "other.label": "kept" };
    const commit = { container: id, _body: { ...configuration, Labels: labels } };
    image = (await docker.getContainer(id).commit({ _query: { container: id }, ...commit })).Id;
    await engine.removeContainer(id);
  }
  return image;
}

test("files, owners, modes and links stay, and so does everything that the image says of itself", async () => {
  const base = await engine.inspectImage(await deep());
  expect(base.depth).toBe(4);
  const before = await docker.getImage(base.id).inspect();
  const given = plan();
  const flat = await engine.flatten(base.id, given, never);
  expect(flat.depth).toBe(1);
  const after = await docker.getImage(flat.id).inspect();
  const { Labels: _old, Image: _from, Hostname: _host, ...config } = before.Config;
  expect(after.Config).toMatchObject(config);
  expect(after.Config.Labels).toMatchObject({
    "dev.kiln.owner": given.ownership.owner,
    "other.label": "kept",
  });
  expect(after.Comment).toBe(given.comment);
  const looked = await run({ image: flat.id, command: ["sh", "-c", "ls -ln /made | sed 1d; cat /made/2"] });
  expect(looked.stdout).toMatch(/-rwxr-x--- +1 7 +8 .*1\n/);
  expect(looked.stdout).toMatch(/link -> 1\n/);
  expect(looked.stdout).toMatch(/\ntwo\n$/);
  expect(looked.stdout).not.toMatch(/ gone\n/);
  const listed = await engine.listImages(given.ownership.installation);
  // What it was imported as lies under it, and can be told by its label, too.
  const { parent } = listed.find(({ id }) => id === flat.id) ?? {};
  expect(listed.map(({ id }) => id)).toContain(parent);
});

test("an image that isn't there, and an abort", async () => {
  await expect(engine.flatten("none", plan(), never)).rejects.toMatchObject({ code: "not_found" });
  const image = await deep();
  await expect(engine.flatten(image, plan(), AbortSignal.abort("no"))).rejects.toBe("no");
});
