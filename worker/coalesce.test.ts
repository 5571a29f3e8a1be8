import { expect, it } from "vitest";
import { coalesce } from "./coalesce";
import { until } from "./testing/until";

it("runs at once, once more for all that is asked meanwhile, and never two at a time", async () => {
  let runs = 0;
  let atWork = 0;
  let most = 0;
  const ends: Array<() => void> = [];
  const ask = coalesce(async () => {
    runs += 1;
    atWork += 1;
    most = Math.max(most, atWork);
    await new Promise<void>((resolve) => ends.push(resolve));
    atWork -= 1;
  }, 5);
  ask();
  expect(runs).toBe(1);
  for (let again = 0; again < 50; again += 1) ask();
  expect(runs).toBe(1);
  ends[0]?.();
  await until("the second run", async () => runs === 2);
  ends[1]?.();
  await until("it to be idle", async () => atWork === 0);
  ask();
  await until("a third one", async () => runs === 3);
  ends[2]?.();
  expect(most).toBe(1);
});
