/** Refreshes that are built upon the snapshot that serves, on a real engine. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { refreshVersion } from "@/lib/snapshots/request.server";
import { retireSnapshots } from "@/lib/snapshots/retention.server";
import { serveSnapshot } from "@/lib/snapshots/serve.server";
import { createDockerEngine } from "@/worker/containers/docker";
import { sweep } from "@/worker/sweep/sweep";
import { built, ended, logged, operator, output, refresh } from "@/worker/testing/builds";
import { inImage } from "@/worker/testing/images";
import { startKiln, type TestKiln } from "@/worker/testing/installation";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
});
afterAll(() => kiln.cleanUp());

async function ask(slug: string): Promise<string> {
  const request = { profile: slug, version: 1, trigger: "manual" as const, mode: "incremental" as const };
  return (await refreshVersion(operator, request)).snapshot.id;
}
const upon = async (slug: string) => ended(await ask(slug));
const linesOf = async (image: string, path: string) =>
  (await inImage(image, ["cat", path])).trim().split("\n");

test("a chain of several: each has the files of the ones before, and runs what maintains them", async () => {
  const first = await built({
    setupScript: "echo set up; date > /begun; echo setup >> /runs",
    maintenanceScript: "echo maintained; test -f /begun; echo maintenance >> /runs",
  });
  const begun = await linesOf(first.image!.id, "/begun");
  for (let length = 1; length <= 3; length += 1) {
    const snapshot = await upon(first.slug);
    expect(snapshot).toMatchObject({ status: "ready", mode: "incremental", serving: true, attempt: 1 });
    expect(await output(snapshot.id)).toBe("maintained");
    const image = snapshot.image!.id;
    expect(await linesOf(image, "/runs")).toEqual(["setup", ...Array(length).fill("maintenance")]);
    expect(await linesOf(image, "/begun")).toEqual(begun);
    expect(snapshot.baseImage).toEqual(first.baseImage);
  }
  // A full one begins at the base image again.
  const full = await ended(await refresh(first.slug));
  expect(await linesOf(full.image!.id, "/runs")).toEqual(["setup"]);
});

test("without a maintenance script the setup script runs upon what it left", async () => {
  const first = await built({
    setupScript: "## step: one\necho one >> /runs\n## step: two\necho two >> /runs",
  });
  const second = await upon(first.slug);
  expect(await linesOf(second.image!.id, "/runs")).toEqual(["one", "two", "one", "two"]);
  expect(second.steps.map(({ reusedFrom }) => reusedFrom)).toEqual(second.steps.map(() => null));
});

test("one that fails leaves what served in service", async () => {
  const first = await built({ setupScript: "true", maintenanceScript: "exit 4" });
  expect(await upon(first.slug)).toMatchObject({
    status: "failed",
    serving: false,
    failure: { exitCode: 4 },
  });
  expect(await ended(first.id)).toMatchObject({ status: "ready", serving: true });
});

test("nothing serves: there is nothing to build upon", async () => {
  const failed = await built({ setupScript: "exit 1" });
  await expect(ask(failed.slug)).rejects.toMatchObject({ status: 409, code: "no_serving_snapshot" });
});

test("the one that is built upon is kept until then, even when it serves no more and the disk is nearly full", async () => {
  const first = await built({
    setupScript: "echo first > /first",
    maintenanceScript: "echo up; sleep 4; cat /first",
  });
  const second = await ended(await refresh(first.slug));
  const third = await ask(first.slug);
  await logged(third, "up");
  await serveSnapshot(operator, first.id, "It is the test's");
  const worker = await db().worker.findFirstOrThrow();
  expect(await retireSnapshots(worker.hostId, "serving_only")).not.toContain(second.id);
  await sweep(worker, createDockerEngine(), new Set());
  const end = await ended(third);
  expect(end).toMatchObject({ status: "ready", serving: true });
  expect(await retireSnapshots(worker.hostId, "serving_only")).toContain(second.id);
  // What it left is under the new one.
  await sweep(worker, createDockerEngine(), new Set());
  expect(await inImage(end.image!.id, ["cat", "/first"])).toBe("first\n");
});
