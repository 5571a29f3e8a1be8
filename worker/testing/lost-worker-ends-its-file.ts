/** Before each engine test: where a worker was lost, the tests that follow would each wait for it in vain. */
import { beforeEach } from "vitest";
import { lostWorker } from "./lost-workers";

beforeEach(() => {
  const lost = lostWorker();
  if (lost) throw new Error(`Not begun. ${lost}`);
});
