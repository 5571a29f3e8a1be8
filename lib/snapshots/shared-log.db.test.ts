/** However many follow a log, it is read once. */
import { beforeAll, expect, it } from "vitest";
import { claimRefresh, finishReady, publishReady, writeLines } from "@/prisma/factories/builds";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { followLog } from "./follow-log.server";
import { tellTail } from "./log-store.server";
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

it("a line that isn't complete is shown while it changes, and is gone with its line and at the end", async () => {
  const claimed = await claimRefresh(await publishReady(worker), worker);
  const id = claimed.claim.snapshotId;
  const frames = followLog(id, 0, never);
  const next = async (type: string) => {
    for (;;) {
      const { value } = await frames.next();
      if (!value || value.type === type) return value;
    }
  };
  await next("log");
  const tail = (text: string) => ({ stream: "stdout" as const, step: "setup", text });
  for (const text of ["10%", "20%"]) {
    await tellTail(claimed.claim, [tail(text)]);
    expect(await next("tail")).toEqual({ type: "tail", tail: tail(text) });
  }
  await tellTail({ ...claimed.claim, fence: 99 }, [tail("of a stale claim")]);
  await writeLines(claimed, ["100%"]);
  expect(await next("log")).toMatchObject({ frame: { lines: [{ text: "100%" }] } });
  expect(await next("tail")).toEqual({ type: "tail", tail: tail("") });
  await tellTail(claimed.claim, [tail("half")]);
  expect(await next("tail")).toEqual({ type: "tail", tail: tail("half") });
  await finishReady(claimed);
  expect(await next("tail")).toEqual({ type: "tail", tail: tail("") });
  expect(await next("end")).toEqual({ type: "end" });
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
