/** A failure's next step, from what its step printed last. */
import { beforeAll, expect, it } from "vitest";
import { claimBuild, finishFailed, writeLines } from "@/prisma/factories/builds";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { hintFor } from "./failure";
import { getSnapshot } from "./store.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

async function hintAfter(...chunks: string[][]): Promise<string | undefined> {
  const { snapshot } = await publishProfile();
  const claimed = await claimBuild(snapshot.id, worker);
  for (const lines of chunks) expect(await writeLines(claimed, lines)).toBe(true);
  expect(await finishFailed(claimed)).toBe(true);
  return (await getSnapshot(snapshot.id)).failure?.hint;
}

it("says what the last lines give away, then what to do in general", async () => {
  const hint = await hintAfter(["starting"], ["E: Unable to locate package jqq", "done"]);
  expect(hint).toMatch(/^A package isn't known by that name/);
  expect(hint).toContain(hintFor("setup_failed"));
});

it("doesn't look further back than the last lines, and says nothing where there are none", async () => {
  const many = Array.from({ length: 100 }, (_, line) => `line ${line}`);
  expect(await hintAfter(["jq: command not found"], many)).toBe(hintFor("setup_failed"));
  expect(await hintAfter()).toBe(hintFor("setup_failed"));
});
