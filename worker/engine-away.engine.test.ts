/** F17: the engine goes away in the middle of everything, and comes back. An engine of its own is ended for real. */
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { listHosts } from "@/lib/hosts/store.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import {
  canStartEngines,
  type SecondEngine,
  startSecondEngine,
} from "@/worker/containers/docker/testing/second-engine";
import { ended, inStep, logged, output, publish, storedLines } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

const count = (lines: number) =>
  `i=0; while [ $i -lt ${lines} ]; do i=$((i + 1)); echo "line $i"; sleep 0.1; done`;
const counted = (lines: number) =>
  Array.from({ length: lines }, (_, index) => `line ${index + 1}`).join("\n");

/**
 * An engine that comes back gives a container 10 seconds before it kills it. One that begins after that time needn't
 * take it.
 */
const LONG = 220;
const countSlowly = () =>
  `i=0; while [ $i -lt ${LONG} ]; do i=$((i + 1)); echo "line $i"; [ $(date +%s) -ge ${Math.round(Date.now() / 1000) + 22} ] || sleep 0.1; done`;

const systemLines = async (id: string) =>
  (await storedLines(id)).filter(({ stream }) => stream === "system").map(({ text }) => text);

describe.runIf(canStartEngines())("an engine that is ended", () => {
  let kiln: TestKiln;
  let engine: SecondEngine | undefined;
  /** Of the engine that is there; undefined when a test failed, and nobody knows what it left. */
  let restores: boolean | undefined;
  beforeAll(async () => {
    kiln = await startKiln();
  });
  afterAll(async () => {
    await Promise.all(kiln.workers.map((worker) => worker.kill()));
    await engine?.remove();
    await kiln.cleanUp();
  });

  /** The one that the test before had, with its worker, where it is of that kind. */
  const onEngine = async (liveRestore: boolean): Promise<SecondEngine> => {
    onTestFailed(() => {
      restores = undefined;
    });
    if (engine && restores === liveRestore) return engine;
    await Promise.all(kiln.workers.map((worker) => worker.kill()));
    await engine?.remove();
    engine = await startSecondEngine({ liveRestore });
    await kiln.startWorker({ DOCKER_HOST: engine.dockerHost, KILN_SWEEP_SECONDS: "2" });
    restores = liveRestore;
    return engine;
  };

  test("its containers live on: the same attempt goes on, with each line once", async () => {
    const second = await onEngine(true);
    const { snapshotId } = await publish({ setupScript: count(120) });
    await logged(snapshotId, "line 30");
    await second.end("SIGKILL");
    await second.start();
    expect(await ended(snapshotId)).toMatchObject({ status: "ready", attempt: 1 });
    expect(await output(snapshotId)).toBe(counted(120));
    const said = await systemLines(snapshotId);
    expect(said).toContain("──── The container engine answers again. ────");
  });

  test.each(["SIGKILL", "SIGTERM"] as const)(
    "its containers live on and one ends before it is back (%s): nobody has heard the rest, so the step is done again",
    async (signal) => {
      const second = await onEngine(true);
      const { snapshotId } = await publish({
        setupScript: `## step: First\necho first ${signal}\n## step: Second\n${count(60)}`,
      });
      await logged(snapshotId, "line 10");
      const [container] = await second.docker.listContainers({
        filters: { label: [`dev.kiln.owner=${snapshotId}`] },
      });
      const { State } = await second.docker.getContainer(container?.Id ?? "").inspect();
      await second.end(signal);
      await until("its process to have ended", () => !existsSync(`/proc/${State.Pid}`));
      await second.start();
      expect(await ended(snapshotId, 90_000)).toMatchObject({ status: "ready", attempt: 2 });
      const lines = await storedLines(snapshotId);
      const divider = lines.findIndex(({ text }) => text.startsWith("──── Attempt 1 was lost. "));
      expect(lines[divider]?.text).toMatch(
        / while the container engine was away, .* The step is done again\. ────$/,
      );
      const said = (part: typeof lines) =>
        part.flatMap(({ text, stream }) => (stream === "stdout" ? text : [])).join("\n");
      expect(said(lines.slice(divider))).toBe(counted(60));
      expect(said(lines)).toContain(`first ${signal}`);
      expect(said(lines.slice(divider))).not.toContain("first");
    },
  );

  test.each(["SIGKILL", "SIGTERM"] as const)(
    "its containers die with it (%s): the step is done again, those before it aren't",
    async (signal) => {
      const second = await onEngine(false);
      const { snapshotId } = await publish({
        setupScript: `## step: First\necho first; echo ${signal} > /first\n## step: Second\ntest -e /first\n${countSlowly()}`,
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
      expect(again.map(({ text }) => text).join("\n")).toBe(counted(LONG));
    },
  );

  test("it ends by itself while the engine comes back: nothing that it said is missing", async () => {
    const second = await onEngine(false);
    const { snapshotId } = await publish({ setupScript: count(40) });
    await logged(snapshotId, "line 10");
    await second.end("SIGKILL");
    await second.start();
    const { attempt, status } = await ended(snapshotId, 90_000);
    const lines = await storedLines(snapshotId);
    const begin = lines.findLastIndex(({ text }) => text === "line 1");
    const said = lines.slice(begin).filter(({ text, stream }) => stream === "stdout" && /^line /.test(text));
    expect({ attempt, status, said: said.map(({ text }) => text).join("\n") }).toMatchObject({
      status: "ready",
      said: counted(40),
    });
  });

  test("while it captures: ready in the end, and one image is left", async () => {
    const second = await onEngine(false);
    const { snapshotId } = await publish({
      setupScript:
        "mkdir /many; i=0; while [ $i -lt 4000 ]; do i=$((i + 1)); echo $i > /many/$i; done; dd if=/dev/urandom of=/big bs=1M count=80 2>/dev/null",
    });
    await inStep(snapshotId, "capture");
    await second.end("SIGKILL");
    await second.start();
    const snapshot = await ended(snapshotId, 90_000);
    expect(snapshot).toMatchObject({ status: "ready" });
    expect((await systemLines(snapshotId)).join("\n")).toContain(
      "──── The container engine doesn't answer: ",
    );
    const rows = await db().layer.findMany({ where: { snapshotId }, select: { imageId: true } });
    const named = new Set([snapshot.image?.id, ...rows.map(({ imageId }) => imageId)]);
    await until("one image to be left", async () => {
      const left = await second.docker.listImages({ filters: { label: [`dev.kiln.owner=${snapshotId}`] } });
      return left.length === named.size && left.every(({ Id }) => named.has(Id));
    });
    expect(await getSnapshot(snapshotId)).toMatchObject({ serving: true });
  });

  test("away, and another engine is there: what is queued says what it waits for, and the other one builds it", async () => {
    const second = await onEngine(false);
    await second.end("SIGKILL");
    const sick = await until("the host to be unhealthy", async () =>
      (await listHosts()).find(({ health }) => health.status === "unhealthy"),
    );
    const { snapshotId } = await publish({ setupScript: "echo elsewhere" });
    await until("the reason to wait", async () => {
      const { status, waitingReason } = await getSnapshot(snapshotId);
      return status === "queued" && waitingReason === `Waiting: the engine of ${sick.name} doesn't answer.`;
    });
    const { name } = await kiln.startWorker();
    const built = await ended(snapshotId);
    expect(built).toMatchObject({ status: "ready", attempt: 1, waitingReason: null, worker: name });
  });
});
