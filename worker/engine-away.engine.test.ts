/** F17: the engine goes away in the middle of everything, and comes back. An engine of its own is ended for real. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import {
  canStartEngines,
  type SecondEngine,
  startSecondEngine,
} from "@/worker/containers/docker/testing/second-engine";
import { ended, inStep, logged, output, publish, storedLines } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

const LINES = 120;
const COUNTS = `i=0; while [ $i -lt ${LINES} ]; do i=$((i + 1)); echo "line $i"; sleep 0.1; done`;
const ALL = Array.from({ length: LINES }, (_, index) => `line ${index + 1}`).join("\n");

const systemLines = async (id: string) =>
  (await storedLines(id)).filter(({ stream }) => stream === "system").map(({ text }) => text);

describe.runIf(canStartEngines())("an engine that is ended", () => {
  let kiln: TestKiln;
  let engine: SecondEngine | undefined;
  beforeAll(async () => {
    kiln = await startKiln();
  });
  afterAll(async () => {
    await Promise.all(kiln.workers.map((worker) => worker.kill()));
    await engine?.remove();
    await kiln.cleanUp();
  });

  const onEngine = async (liveRestore: boolean): Promise<SecondEngine> => {
    await Promise.all(kiln.workers.map((worker) => worker.kill()));
    await engine?.remove();
    engine = await startSecondEngine({ liveRestore });
    await kiln.startWorker({ DOCKER_HOST: engine.dockerHost, KILN_SWEEP_SECONDS: "2" });
    return engine;
  };

  test("its containers live on: the same attempt goes on, with each line once", async () => {
    const second = await onEngine(true);
    const { snapshotId } = await publish({ setupScript: COUNTS });
    await logged(snapshotId, "line 30");
    await second.end("SIGKILL");
    await second.start();
    expect(await ended(snapshotId)).toMatchObject({ status: "ready", attempt: 1 });
    expect(await output(snapshotId)).toBe(ALL);
    const said = await systemLines(snapshotId);
    expect(said).toContain("──── The container engine answers again. ────");
  });

  test.each(["SIGKILL", "SIGTERM"] as const)(
    "its containers die with it (%s): the step is done again, those before it aren't",
    async (signal) => {
      const second = engine?.dockerHost && signal === "SIGTERM" ? engine : await onEngine(false);
      const { snapshotId } = await publish({
        setupScript: `## step: First\necho first; echo > /first\n## step: Second\ntest -e /first\n${COUNTS}`,
      });
      await logged(snapshotId, "line 10");
      await second.end(signal);
      await second.start();
      expect(await ended(snapshotId, 90_000)).toMatchObject({ status: "ready", attempt: 2 });
      const lines = await storedLines(snapshotId);
      expect(lines.filter(({ text, stream }) => text === "first" && stream === "stdout")).toHaveLength(1);
      const divider = lines.findIndex(({ text }) => text.startsWith("──── Attempt 1 was lost. "));
      expect(lines[divider]?.text).toMatch(/ The step is done again\. ────$/);
      const again = lines
        .slice(divider)
        .filter(({ text, stream }) => stream === "stdout" && /^line /.test(text));
      expect(again.map(({ text }) => text).join("\n")).toBe(ALL);
    },
  );

  test("while it captures: ready in the end, and one image is left", async () => {
    const second = engine ?? (await onEngine(false));
    const { snapshotId } = await publish({
      setupScript:
        "mkdir /many; i=0; while [ $i -lt 4000 ]; do i=$((i + 1)); echo $i > /many/$i; done; dd if=/dev/urandom of=/big bs=1M count=80 2>/dev/null",
    });
    await inStep(snapshotId, "capture");
    await second.end("SIGKILL");
    await second.start();
    const snapshot = await ended(snapshotId, 90_000);
    expect(snapshot).toMatchObject({ status: "ready" });
    const rows = await db().layer.findMany({ where: { snapshotId }, select: { imageId: true } });
    const named = new Set([snapshot.image?.id, ...rows.map(({ imageId }) => imageId)]);
    await until("one image to be left", async () => {
      const left = await second.docker.listImages({ filters: { label: [`dev.kiln.owner=${snapshotId}`] } });
      return left.length === named.size && left.every(({ Id }) => named.has(Id));
    });
    expect(await getSnapshot(snapshotId)).toMatchObject({ serving: true });
  });
});
