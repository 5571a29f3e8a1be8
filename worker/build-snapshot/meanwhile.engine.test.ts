/** What changes around a build while it runs: its base image's name, the version, the one who asked for it. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDraft, publishDraft } from "@/lib/profiles/draft.server";
import { setUserDisabled } from "@/lib/users/manage.server";
import { type Actor, systemActor } from "@/lib/users/roles";
import { makeUser } from "@/prisma/factories/people";
import { docker } from "@/worker/containers/docker/testing/engine";
import { built, ended, logged, output, publish, refresh } from "@/worker/testing/builds";
import { inImage } from "@/worker/testing/images";
import { containersOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
});
afterAll(() => kiln.cleanUp());

test("the base image's name comes to be another image's: the build goes on from the one that it began with, also after its worker was lost (F19)", async () => {
  const [old, other] = [
    await built({ setupScript: "echo old > /which" }),
    await built({ setupScript: "echo other > /which" }),
  ];
  const [repo, tag] = ["kiln-test/base", randomUUID()];
  const name = async (of: typeof old) => docker.getImage(of.image!.id).tag({ repo, tag });
  await name(old);
  const script = "## step: One\ncat /which; echo up; sleep 3\n## step: Two\ncat /which\n";
  const { slug, snapshotId } = await publish({ baseImage: `${repo}:${tag}`, setupScript: script });
  await logged(snapshotId, "up");
  await name(other);
  await Promise.all(kiln.workers.map((worker) => worker.kill()));
  // Without its container the step begins again, from the base image.
  for (const { id } of await containersOf(kiln.installation, snapshotId))
    await docker.getContainer(id).remove({ force: true });
  await kiln.startWorker();
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", attempt: 2, baseImage: { id: old.image!.id } });
  expect(await output(snapshotId, "setup:2")).toBe("old");
  expect(await inImage(end.image!.reference, ["cat", "/which"])).toBe("old\n");
  // The next one finds the name as it is now.
  const next = await ended(await refresh(slug));
  expect(next.baseImage?.id).toBe(other.image!.id);
  expect(await output(next.id, "setup:2")).toBe("other");
});

test("its version is superseded, and whoever asked for it is disabled: it is finished, and so is the newer one (F26)", async () => {
  await makeUser("admin");
  const made = await makeUser("operator", "Ulla");
  const ulla: Actor = { kind: "user", id: made.id, name: made.name, role: made.role };
  const { slug, snapshotId } = await publish({ setupScript: "echo up; sleep 2; echo old" }, ulla);
  await logged(snapshotId, "up");
  await createDraft(ulla, slug);
  const { snapshot } = await publishDraft(ulla, slug, { notes: "" });
  await setUserDisabled(systemActor, made.id, true);
  const [first, second] = [await ended(snapshotId), await ended(snapshot.id)];
  expect(first).toMatchObject({ status: "ready", version: 1, serving: true, failure: null });
  expect(second).toMatchObject({ status: "ready", version: 2, serving: true, failure: null });
  expect(first.requestedBy).toBe("Ulla");
  await until("nothing of them to run", async () => (await containersOf(kiln.installation)).length === 0);
});
