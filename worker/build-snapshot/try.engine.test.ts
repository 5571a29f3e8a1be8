/** A draft that is tried by a real worker: the same build, and nothing of it stays. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProfile } from "@/lib/profiles/create.server";
import { publishDraft } from "@/lib/profiles/draft.server";
import { type SpecInput, specSchema } from "@/lib/profiles/spec";
import { getVersion } from "@/lib/profiles/store.server";
import { tryDraft } from "@/lib/profiles/try.server";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import { BUSYBOX } from "@/worker/containers/docker/testing/engine";
import { ended, logged, operator, output, storedLines } from "@/worker/testing/builds";
import { containersOf, startKiln, type TestKiln, volumesOf } from "@/worker/testing/installation";
import { unexplained } from "@/worker/testing/left";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
});
afterAll(() => kiln.cleanUp());

async function tryOf(parts: Partial<SpecInput>): Promise<{ profile: string; id: string }> {
  const small = { resources: { cpus: 1, memoryMb: 128, pids: 64 }, network: "none" as const };
  const profile = await createProfile(operator, {
    name: `Try ${randomBytes(3).toString("hex")}`,
    description: "",
    spec: specSchema.parse({ baseImage: BUSYBOX, ...small, ...parts }),
  });
  const { snapshot } = await tryDraft(operator, profile.id, { keepOnFailure: false });
  return { profile: profile.id, id: snapshot.id };
}

const nothingLeft = (id: string) =>
  until("nothing to be left of the try", async () => (await unexplained(kiln.installation, id)).length === 0);

test("a draft that builds: every step, the check in a fresh container of what was captured, and no image", async () => {
  const { profile, id } = await tryOf({
    setupScript: "echo one > /made\n## step: Second\ncat /made\n",
    check: "test -e /made",
  });
  const snapshot = await ended(id);
  expect(snapshot).toMatchObject({
    status: "ready",
    version: null,
    image: null,
    failure: null,
    serving: false,
  });
  expect(snapshot.steps.map(({ title, status }) => `${title} ${status}`)).toEqual([
    "Base image done",
    "Files done",
    "Setup script, part 1 done",
    "Second done",
    "Capture done",
    "Check done",
    "Finish done",
  ]);
  expect(await output(id, "setup:2")).toBe("one");
  const lines = await storedLines(id);
  expect(lines.some(({ text }) => /Captured kiln\/try-\w+:try-1-/.test(text))).toBe(true);
  expect(lines.at(-1)?.text).toBe("The draft builds. Its image isn't kept");
  await nothingLeft(id);
  expect(await volumesOf(kiln.installation)).toEqual([]);

  // What is published afterwards is built by itself, and serves.
  const published = await publishDraft(operator, profile, { notes: "" });
  expect(await ended(published.snapshot.id)).toMatchObject({ status: "ready", version: 1, serving: true });
  expect((await getVersion(profile, 1)).usable).toBe(true);
  await nothingLeft(id);
});

test("one that doesn't: the failure speaks of the draft, and nothing is left", async () => {
  const { id } = await tryOf({ setupScript: "echo no; exit 4" });
  const { failure, kept, status } = await ended(id);
  expect(status).toBe("failed");
  expect(failure).toMatchObject({ code: "setup_failed", exitCode: 4, step: "setup" });
  expect(failure?.hint).toBe("Inspect the output, mend the setup script in the draft, then try again.");
  expect(kept).toBeNull();
  await nothingLeft(id);
});

test("one that is cancelled: asked for and enforced are told apart", async () => {
  const { id } = await tryOf({ setupScript: "echo started; sleep 1000" });
  await logged(id, "started");
  const asked = await cancelSnapshot(operator, id);
  expect(asked).toMatchObject({
    status: "running",
    cancelRequestedBy: operator.name,
    cancelEnforcedAt: null,
  });
  const snapshot = await ended(id);
  expect(snapshot).toMatchObject({ status: "cancelled", cancelRequestedAt: asked.cancelRequestedAt });
  expect(await containersOf(kiln.installation, id)).toEqual([]);
  const { cancelRequestedAt, cancelEnforcedAt } = snapshot;
  expect(Date.parse(cancelEnforcedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(cancelRequestedAt ?? ""));
  await nothingLeft(id);
});
