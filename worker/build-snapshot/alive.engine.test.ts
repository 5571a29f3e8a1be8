/** Whoever listens to a container that has ended hears all of it, however slowly, and doesn't wait for what never comes. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testInstallation } from "@/worker/containers/docker/testing/engine";
import { type Hearing, whileAlive } from "./alive";

const LOOK_MS = 50;
const { engine, run, cleanUp } = testInstallation();
let ended: string;
beforeAll(async () => {
  ({ id: ended } = await run());
});
afterAll(cleanUp);

const listen = (ears: (signal: AbortSignal, hearing: Hearing) => Promise<void>) =>
  whileAlive(engine, ended, ears, new AbortController().signal, LOOK_MS);

/** As a stream does that is cut off from outside. */
const forEver = (signal: AbortSignal) =>
  new Promise<void>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

test("output that ends has ended by itself", async () => {
  expect(await listen(async () => undefined)).toBe(true);
});

test("output that never ends, and says nothing, is to be read again", async () => {
  expect(await listen(forEver)).toBe(false);
});

test("output that goes on for long after the end is heard to its end", async () => {
  let heard = 0;
  const complete = await listen(async (signal, hearing) => {
    for (; heard < 40; heard += 1) {
      signal.throwIfAborted();
      await hearing.take(Promise.resolve());
      await pause(LOOK_MS / 2);
    }
  });
  expect([complete, heard]).toEqual([true, 40]);
});

test("a piece that takes long to take in is no silence", async () => {
  const complete = await listen(async (signal, hearing) => {
    await hearing.take(pause(20 * LOOK_MS));
    signal.throwIfAborted();
  });
  expect(complete).toBe(true);
});

test("a silence after something was heard is noticed all the same", async () => {
  const complete = await listen(async (signal, hearing) => {
    await hearing.take(Promise.resolve());
    await forEver(signal);
  });
  expect(complete).toBe(false);
});
