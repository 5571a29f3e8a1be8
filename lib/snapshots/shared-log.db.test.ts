/** However many follow a log, it is read once. */
import { beforeAll, expect, it } from "vitest";
import { claimRefresh, finishReady, publishReady, writeLines } from "@/prisma/factories/builds";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { followLog } from "./follow-log.server";
import { joinLog } from "./shared-log.server";
import type { LogFrame } from "./stored-log.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

const never = new AbortController().signal;

it("200 followers of one live log are given the very same chunks, all of them", async () => {
  const claimed = await claimRefresh(await publishReady(worker), worker);
  const id = claimed.claim.snapshotId;
  const following = Array.from({ length: 200 }, async () => {
    const frames: LogFrame[] = [];
    for await (const frame of followLog(id, 0, never)) if (frame.type === "log") frames.push(frame.frame);
    return frames;
  });
  for (let index = 0; index < 20; index += 1) await writeLines(claimed, [`line ${index}`]);
  await finishReady(claimed);
  const [first, ...others] = await Promise.all(following);
  expect(first?.flatMap(({ lines }) => lines.map(({ line }) => line))).toEqual(
    Array.from({ length: 21 }, (_, index) => index + 1),
  );
  for (const frames of others) expect(frames.every((frame, index) => frame === first?.[index])).toBe(true);
});

it("who asks for the status gets none that was read before, and all who ask at once get one", async () => {
  const claimed = await claimRefresh(await publishReady(worker), worker);
  const log = joinLog(claimed.claim.snapshotId);
  try {
    const together = await Promise.all(Array.from({ length: 50 }, () => log.status()));
    expect(new Set(together).size).toBe(1);
    const earlier = log.status();
    // The read of the first ones has begun by then.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await writeLines(claimed, ["new"]);
    const later = await log.status();
    expect(later.snapshot.log.lastLine).toBe("new");
    expect(await earlier).not.toBe(later);
  } finally {
    log.leave();
  }
});
