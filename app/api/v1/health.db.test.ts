import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { recordEngineAway, recordEngineSeen } from "@/lib/hosts/engine-health.server";
import { beat, setWorkerStatus } from "@/lib/hosts/store.server";
import { healthSchema } from "@/lib/hosts/wire";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker } from "@/prisma/factories/workers";
import { answerOf } from "../testing/call";
import * as health from "./health/route";

useSuiteDatabase();

const read = async () => answerOf(await health.GET(), 200, healthSchema);

describe("GET /health, without a token", () => {
  it("says that there is no worker, then that there is, is leaving, is lost, and is back", async () => {
    expect(await read()).toEqual({ status: "degraded", database: "ok", workers: [], hosts: [] });
    const worker = await makeWorker();
    expect(await read()).toMatchObject({
      status: "ok",
      workers: [{ name: worker.name, status: "running", runtime: null, seenAt: expect.any(String) }],
    });
    await setWorkerStatus(worker.id, "draining");
    expect(await read()).toMatchObject({ status: "degraded", workers: [{ status: "draining" }] });
    await db().$executeRaw`UPDATE workers SET status = 'running', seen_at = now() - interval '31 seconds'`;
    expect(await read()).toMatchObject({ status: "degraded", workers: [{ status: "lost" }] });
    await beat(worker.id);
    expect(await read()).toMatchObject({ status: "ok", workers: [{ status: "running" }] });
    await setWorkerStatus(worker.id, "stopped");
    expect(await read()).toMatchObject({ status: "degraded", workers: [] });
  });

  it("tells of an engine that doesn't answer, since when, and not what was met; it goes away by itself", async () => {
    const { hostId } = await makeWorker();
    expect(await read()).toMatchObject({ status: "ok", hosts: [{ status: "healthy", since: null }] });
    await recordEngineAway(hostId, "connect ENOENT /run/engine.sock");
    const sick = await read();
    expect(sick).toMatchObject({ status: "degraded", hosts: [{ status: "unhealthy" }] });
    expect(JSON.stringify(sick)).not.toContain("engine.sock");
    await recordEngineAway(hostId, "no answer");
    expect((await read()).hosts).toEqual(sick.hosts);
    await recordEngineSeen(hostId);
    expect(await read()).toMatchObject({ status: "ok", hosts: [{ status: "healthy", since: null }] });
    await db().worker.deleteMany();
  });

  it("knows an engine again: two workers on it share one host", async () => {
    const [one, two] = await Promise.all([makeWorker("the-engine"), makeWorker("the-engine")]);
    expect(one.hostId).toBe(two.hostId);
    expect(one.id).not.toBe(two.id);
  });
});
