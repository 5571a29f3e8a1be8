import { beforeEach, expect, it } from "vitest";
import type { Change } from "@/lib/events/wire";
import { ManualClock } from "@/lib/testing/manual-clock";
import { GATHER_MS, Invalidator, PACE_MS } from "./invalidator";

let clock: ManualClock;
beforeEach(() => {
  clock = new ManualClock();
});

function setUp(refetch: () => Promise<unknown> = () => Promise.resolve()) {
  const passes: Change["kind"][][] = [];
  const errors: unknown[] = [];
  const invalidator = new Invalidator(
    (kinds) => {
      passes.push([...kinds]);
      return refetch();
    },
    (error) => errors.push(error),
    clock,
  );
  return { invalidator, passes, errors };
}

it("makes one pass of what comes together", async () => {
  const { invalidator, passes } = setUp();
  for (const kind of ["snapshot", "snapshot", "session"] as const) invalidator.add(kind);
  await clock.advance(GATHER_MS - 1);
  expect(passes).toEqual([]);
  await clock.advance(1);
  expect(passes).toEqual([["snapshot", "session"]]);
});

it("follows a change during a pass by another pass, and not before the first has ended", async () => {
  let end: (() => void) | undefined;
  const { invalidator, passes } = setUp(
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  );
  invalidator.add("snapshot");
  await clock.advance(GATHER_MS);
  invalidator.add("session");
  await clock.advance(2_000);
  expect(passes).toHaveLength(1);
  end?.();
  await clock.advance(PACE_MS);
  expect(passes).toEqual([["snapshot"], ["session"]]);
});

it("goes on after a pass that hangs or fails", async () => {
  const { invalidator, passes, errors } = setUp(() => Promise.reject(new Error("offline")));
  invalidator.add("worker");
  await clock.advance(GATHER_MS);
  invalidator.add("worker");
  await clock.advance(PACE_MS);
  expect([passes.length, errors.length]).toEqual([2, 2]);

  const hanging = setUp(() => new Promise(() => undefined));
  hanging.invalidator.add("worker");
  await clock.advance(GATHER_MS);
  hanging.invalidator.add("worker");
  await clock.advance(10_000);
  expect(hanging.passes).toHaveLength(2);
});

it("keeps a flood down to the pace", async () => {
  const { invalidator, passes } = setUp();
  for (let tick = 0; tick < 100; tick += 1) {
    invalidator.add("snapshot");
    await clock.advance(50);
  }
  expect(passes.length).toBeLessThanOrEqual(5_000 / PACE_MS + 1);
});
