import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { closeHub } from "@/lib/events/hub.server";
import { claimBuild, finishReady, writeLines } from "@/prisma/factories/builds";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { followLog } from "./follow-log.server";
import { tellWatched, whenWatched } from "./watched.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});
afterEach(closeHub);

const claimed = async () => claimBuild((await publishProfile()).snapshot.id, worker);

/** Resolves when all that was told before has arrived: notifications keep their order. */
async function drain(): Promise<void> {
  const marker = randomUUID();
  let heard = false;
  const end = whenWatched(marker, () => {
    heard = true;
  });
  await vi.waitFor(
    async () => {
      await tellWatched(marker);
      expect(heard).toBe(true);
    },
    { timeout: 20_000, interval: 50 },
  );
  end();
}

/** How often it is told of this log from now on. */
async function listen(id: string): Promise<{ times: number }> {
  const heard = { times: 0 };
  whenWatched(id, () => {
    heard.times += 1;
  });
  await drain();
  return heard;
}

it("the writer of a running log hears that somebody follows it, and once for all who do", async () => {
  const build = await claimed();
  const heard = await listen(build.claim.snapshotId);
  const stop = new AbortController();
  const reads = Array.from({ length: 5 }, async () => {
    const texts: string[] = [];
    for await (const frame of followLog(build.claim.snapshotId, 0, stop.signal)) {
      if (frame.type === "log") texts.push(...frame.frame.lines.map(({ text }) => text));
      if (texts.includes("third")) return;
    }
  });
  for (const text of ["first", "second", "third"]) await writeLines(build, [text]);
  await Promise.all(reads);
  await drain();
  expect(heard.times).toBe(1);
});

it("nobody is told of a log that is complete", async () => {
  const build = await claimed();
  await finishReady(build);
  const heard = await listen(build.claim.snapshotId);
  for await (const frame of followLog(build.claim.snapshotId, 0, new AbortController().signal))
    if (frame.type === "end") break;
  await drain();
  expect(heard.times).toBe(0);
});
