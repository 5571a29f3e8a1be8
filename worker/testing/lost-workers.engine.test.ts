/** A worker that ends by itself fails what waits for it at once, and says why: not after every deadline of its file. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, publish } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
});
afterAll(() => kiln.cleanUp());

test("one that is told to end is no loss; one that ends otherwise ends all waiting, with its last words", async () => {
  await (await kiln.startWorker()).kill();
  await expect(until("nothing", () => false, 100)).rejects.toThrow("Waited 0.1 s in vain: nothing");

  const worker = await kiln.startWorker();
  const { snapshotId } = await publish({ setupScript: "sleep 1000" });
  const waiting = expect(ended(snapshotId)).rejects.toThrow(
    /to end\. A worker ended .*\(SIGKILL\).*"worker ready"/s,
  );
  // Not by its own method, which would be telling it.
  process.kill(worker.pid, "SIGKILL");
  await waiting;
  await expect(ended(snapshotId)).rejects.toThrow("last words");
});

test.fails("and no test after it begins", () => undefined);
